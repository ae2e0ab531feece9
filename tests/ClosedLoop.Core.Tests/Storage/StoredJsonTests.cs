using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Storage;

public sealed class StoredJsonTests
{
    [Fact]
    public void A_fact_with_the_first_ordinal_of_its_source_can_be_read_back()
    {
        var fact = new Fact { Subject = Key.Item("BL-1"), Kind = "item", Writer = new Writer("host", "x"), Ordinal = default, OccurredAt = DateTimeOffset.UnixEpoch };
        Assert.Equal(fact, StoredJson.ReadFact(StoredJson.Write(fact)));
    }

    [Fact]
    public void The_first_kind_of_transition_can_be_read_back()
    {
        var opened = new Transition { ItemId = "BL-1", Kind = TransitionKind.Opened, RecordedAt = DateTimeOffset.UnixEpoch };
        Assert.Equal(opened, StoredJson.ReadTransition(StoredJson.Write(opened)));
    }
}
