using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Storage;

public sealed class StoredJsonTests
{
    public static TheoryData<TransitionKind> Kinds => [.. Enum.GetValues<TransitionKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_transition_of_any_kind_can_be_read_back(TransitionKind kind)
    {
        var transition = new Transition { ItemId = "BL-1", Kind = kind, RecordedAt = default };
        Assert.Equal(transition, StoredJson.ReadTransition(StoredJson.Write(transition)));
    }

    [Fact]
    public void A_fact_whose_ordinal_and_time_are_zero_can_be_read_back()
    {
        var fact = new Fact { Subject = Key.Item("BL-1"), Kind = FactKinds.Item, Writer = Writer.Person("ann"), Ordinal = default, OccurredAt = default };
        Assert.Equal(fact, StoredJson.ReadFact(StoredJson.Write(fact)));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("\u00e4\u00f6\u00fc \u2713 \ud83d\ude00 <b>\"quoted\"</b>")]
    [InlineData(null)]
    public void A_facts_digest_is_that_of_its_text_however_long_the_one_before_was(string? detail)
    {
        var fact = Given.Built(1, GateStatus.Passed, 5, "a1") with { Detail = detail ?? new string('x', 200_000) };
        for (int i = 0; i < 2; i++)
        {
            StoredJson.Digest(Given.Merged(1, i) with { Detail = new string('y', 100_000 * i) });
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(StoredJson.Write(fact)))), StoredJson.Digest(fact));
        }
    }

    [Fact]
    public void A_writer_longer_than_any_that_is_taken_is_written_whole()
    {
        var fact = Given.Merged(1, 1) with { Writer = Writer.Person(new string('n', 10 * Writer.MaxLength)) };
        Assert.Contains($"\"person:{new string('n', 10 * Writer.MaxLength)}\"", StoredJson.Write(fact), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_has_one_text_however_it_came_and_none_once_it_is_taken_away()
    {
        var state = ItemFold.Fold(PipelineDefinition.Default, Given.Item(1), Graph())!;
        var record = new ItemRecord { State = state, Utf8Json = StoredJson.WriteUtf8(state), Version = 1, UpdatedAt = Given.Start };
        Assert.Equal(StoredJson.Write(state), record.Json);
        Assert.Equal("{}", (record with { Json = "{}" }).Json);
        var without = record with { Json = null };
        Assert.Null(without.Json);
        Assert.True(without.Utf8Json.IsEmpty);
        Assert.Null(new ItemRecord { State = state, Version = 1, UpdatedAt = Given.Start }.Json);

        static FactGraph Graph()
        {
            var graph = new FactGraph();
            foreach (var fact in Given.Delivered(1, 1, "a1")) graph.Apply(fact with { Detail = "\u00e4 \u2713" });
            return graph;
        }
    }
}
