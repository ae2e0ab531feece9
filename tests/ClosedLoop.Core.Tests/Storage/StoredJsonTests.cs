using ClosedLoop.Facts;
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
}
