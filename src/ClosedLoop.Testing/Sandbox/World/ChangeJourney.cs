using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Takes one change through the source host as planned, and tells its repository when it has landed.</summary>
internal sealed class ChangeJourney(WorldState world, ISourceHost host, ServiceLife service, ChangePlan plan)
{
    // Work on it has begun and shows, but nobody is asked to look at it yet.
    private const GateStatus DraftStatus = GateStatus.Running;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private WorldChange? _change;

    public void Plan()
    {
        if (plan.Link != ChangeLink.Branch)
        {
            world.Schedule.After(plan.OpensAfter, Open);
            return;
        }
        world.Schedule.AfterAwaiting(plan.OpensAfter, async cancellationToken =>
        {
            await world.Options.OpenItem!(new SandboxItem(plan.WorkItem!, plan.Title, plan.Repository, plan.Branch), cancellationToken).ConfigureAwait(false);
            world.Schedule.After(TimeSpan.Zero, Open);
        });
    }

    private void Open()
    {
        var now = world.Now;
        var pull = world.SourceHost.Open(plan, plan.Reverts is { } reverted ? host.DescribeRevert(reverted) : null, now);
        _change = new WorldChange(plan, pull, plan.WorkItem ?? string.Create(CultureInfo.InvariantCulture, $"pr:{plan.Repository}#{pull.Number}"), plan.Reverts is null ? null : host.Undoes(plan.Reverts));
        if (plan.Repairs is { } broken) broken.Repair = _change;
        Becomes(Gates.PrOpened, plan.DraftFor is null ? GateStatus.Passed : DraftStatus);
        host.Opened(pull);
        world.Tell(o => o.Changed("opened", pull));
        if (plan.DraftFor is { } draft) world.Schedule.After(draft, MarkReady);
        else AwaitReview();
    }

    private void MarkReady()
    {
        Becomes(Gates.PrOpened, GateStatus.Passed);
        _change!.Pull.MarkReady(world.Now);
        host.MadeReady(_change.Pull);
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
        Review(GateStatus.Failed, isApproval: false);
        world.Schedule.After(plan.ReworkedFor!.Value, Approve);
    }

    private void Approve()
    {
        Review(GateStatus.Passed, isApproval: true);
        world.Schedule.After(plan.EndsAfter, End);
    }

    private void Review(GateStatus status, bool isApproval)
    {
        Becomes(Gates.Reviewed, status);
        var review = world.SourceHost.Review(_change!.Pull, plan.Reviewer, isApproval, world.Now);
        host.Reviewed(_change.Pull, review);
        world.Tell(o => o.Reviewed(_change.Pull, review));
    }

    private void End()
    {
        if (plan.End == ChangeEnd.Close)
        {
            Becomes(Gates.Merged, GateStatus.Failed);
            _change!.Pull.Close(world.Now);
            host.Closed(_change.Pull);
            world.Tell(o => o.Changed("closed", _change.Pull));
        }
        else if (service.IsClosedForMerges)
        {
            world.Schedule.After(Patience, End);
        }
        else
        {
            service.Merge(_change!);
        }
    }

    private void Becomes(string gate, GateStatus status) => world.Truth.Record(_change!.ItemId, gate, status, world.Now);
}
