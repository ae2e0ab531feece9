using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.Core.Tests.Items;

public sealed class WaitingSinceTests
{
    [Fact]
    public void What_holds_an_item_up_says_since_when_it_waits()
    {
        // DONE asks for the merge, and it is in review: its age is that of the review.
        var inReview = State(Gates.Merged, Passed(Gates.PrOpened, 1), Eligible(Gates.Reviewed, 5), new GateView { Gate = Gates.Merged });
        Assert.Equal(Given.At(5), inReview.WaitingSince());
        // Merged without a review: the gate after the merge is eligible, whatever was skipped before.
        var skipped = State(Gates.MainCi, Passed(Gates.PrOpened, 1), Eligible(Gates.Reviewed, 5), Passed(Gates.Merged, 7), Eligible(Gates.MainCi, 8));
        Assert.Equal(Given.At(8), skipped.WaitingSince());
    }

    [Fact]
    public void Without_a_gate_that_is_eligible_it_is_the_evidence_and_else_when_the_item_was_opened()
    {
        Assert.Equal(Given.At(3), State(Gates.Merged, new GateView { Gate = Gates.Merged, Since = Given.At(3) }).WaitingSince());
        Assert.Equal(Given.At(0), State(Gates.Merged, new GateView { Gate = Gates.Merged }).WaitingSince());
        Assert.Equal(Given.At(0), State("elsewhere").WaitingSince());
        Assert.Null((State(Gates.Merged) with { OpenedAt = null }).WaitingSince());
    }

    [Fact]
    public void What_is_closed_waits_for_nothing()
    {
        var open = State(Gates.Merged, Eligible(Gates.Merged, 5));
        Assert.Null((open with { IsDone = true }).WaitingSince());
        Assert.Null((open with { Abandoned = true }).WaitingSince());
        Assert.Null((open with { WaitingOn = null }).WaitingSince());
    }

    private static ItemState State(string waitingOn, params GateView[] gates) =>
        new() { Id = "BL-1", Pipeline = "delivery", DoneDefinition = "d", WaitingOn = waitingOn, OpenedAt = Given.At(0), Gates = gates };

    private static GateView Passed(string gate, double at) => new() { Gate = gate, Status = GateStatus.Passed, Since = Given.At(at), EligibleAt = Given.At(at - 1) };

    private static GateView Eligible(string gate, double at) => new() { Gate = gate, Since = Given.At(at), EligibleAt = Given.At(at) };
}
