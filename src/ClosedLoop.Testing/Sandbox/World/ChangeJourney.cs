using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.GitHub;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Takes one change through the source host as planned, and hands it to CI when it has landed.</summary>
internal sealed class ChangeJourney(WorldState world, GitHubEvents events, CiLine ci, ChangePlan plan)
{
    private PullRequest? _pull;

    public void Plan()
    {
        if (plan.Link != ChangeLink.Branch)
        {
            world.Schedule.After(plan.OpensAfter, Open);
            return;
        }
        world.Schedule.AfterAwaiting(plan.OpensAfter, async cancellationToken =>
        {
            await world.Options.OpenItem!(new SandboxItem(plan.ItemId, plan.Title, plan.Repository, plan.Branch), cancellationToken).ConfigureAwait(false);
            world.Schedule.After(TimeSpan.Zero, Open);
        });
    }

    private void Open()
    {
        var now = world.Becomes(plan.ItemId, Gates.PrOpened, plan.DraftFor is null ? GateStatus.Passed : DraftStatus);
        _pull = world.GitHub.Open(plan, now);
        events.PullRequest("opened", _pull);
        if (plan.DraftFor is { } draft) world.Schedule.After(draft, MarkReady);
        else AwaitReview();
    }

    // Work on it has begun and shows, but nobody is asked to look at it yet.
    private const GateStatus DraftStatus = GateStatus.Running;

    private void MarkReady()
    {
        var now = world.Becomes(plan.ItemId, Gates.PrOpened, GateStatus.Passed);
        _pull!.MarkReady(now);
        events.PullRequest("ready_for_review", _pull);
        AwaitReview();
    }

    private void AwaitReview()
    {
        if (plan.ReviewedAfter is not { } wait) world.Schedule.After(plan.EndsAfter, End);
        else if (plan.ReworkedFor is null) world.Schedule.After(wait, Approve);
        else world.Schedule.After(wait, AskForChanges);
    }

    private void AskForChanges()
    {
        Review(GateStatus.Failed, "CHANGES_REQUESTED");
        world.Schedule.After(plan.ReworkedFor!.Value, Approve);
    }

    private void Approve()
    {
        Review(GateStatus.Passed, "APPROVED");
        world.Schedule.After(plan.EndsAfter, End);
    }

    private void Review(GateStatus status, string state)
    {
        var now = world.Becomes(plan.ItemId, Gates.Reviewed, status);
        var review = world.GitHub.Review(_pull!, plan.Reviewer, state, now);
        events.Review(_pull!, review);
    }

    private void End()
    {
        if (plan.End == ChangeEnd.Close)
        {
            _pull!.Close(world.Becomes(plan.ItemId, Gates.Merged, GateStatus.Failed));
            events.PullRequest("closed", _pull);
            return;
        }
        var now = world.Becomes(plan.ItemId, Gates.Merged, GateStatus.Passed);
        string before = world.GitHub.Merge(_pull!, plan, now);
        events.PullRequest("closed", _pull!);
        events.Push(_pull!, before, plan.End == ChangeEnd.Squash);
        ci.Add(new Landing(plan));
    }
}
