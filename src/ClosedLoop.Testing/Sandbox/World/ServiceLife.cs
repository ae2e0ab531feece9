using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.GitHub;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Everything that goes on in one repository once a change has landed: CI, images, rollouts, repairs.</summary>
internal sealed class ServiceLife
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2), Noticed = TimeSpan.FromSeconds(4);

    private readonly WorldState _world;
    private readonly WorldService _service;
    private readonly GitHubEvents _events;
    private readonly CiLine _ci;
    private readonly RolloutLine _rollouts;

    public ServiceLife(WorldState world, WorldService service, GitHubEvents gitHub, JenkinsEvents jenkins, RegistryEvents registry, ClusterEvents cluster, int executors)
    {
        _world = world;
        _service = service;
        _events = gitHub;
        Repairs = new Repairs(world, service, gitHub, this);
        _rollouts = new RolloutLine(world, service, cluster, Repairs);
        _ci = new CiLine(world, service, jenkins, new ImageLine(world, service, registry, _rollouts), Repairs, executors);
    }

    public Repairs Repairs { get; }

    public WorldService Service => _service;

    /// <summary>While this is so, nothing is merged.</summary>
    public bool IsClosedForMerges { get; private set; }

    /// <summary>
    /// Somebody pushes over the newest commit, by hand. Meanwhile nothing is merged or deployed, and some seconds later what was lost is pushed
    /// back, with one commit on top, over that. Sources tell time in whole seconds, so nothing else is very close to any of this.
    /// </summary>
    public void PushOver()
    {
        if (IsClosedForMerges) return;
        IsClosedForMerges = _rollouts.IsHeld = true;
        _world.Schedule.After(Quiet, () =>
        {
            var lost = _service.Line.Head;
            if (lost.Change is null)
            {
                Open();
                return;
            }
            _world.Statistics.ForcePushes++;
            Push(lost.Parent!, "Quick fix, pushed by hand");
            _world.Schedule.After(Noticed, () =>
            {
                Push(lost, "Bring back what was pushed over");
                _world.Schedule.After(Quiet, Open);
            });
        });
    }

    private void Open()
    {
        IsClosedForMerges = _rollouts.IsHeld = false;
        _rollouts.Wake();
    }

    public void Merge(WorldChange change)
    {
        var now = _world.Now;
        var before = _service.Line.Head;
        var commit = _service.Line.Commit(before, CommitMessages.Landing(change), change.Plan.Author, now, change.Plan.End == ChangeEnd.Merge ? change.Pull.HeadSha : null);
        change.Pull.Merge(commit.Sha, now);
        _service.Land(change, commit);
        if (change.Plan.Reverts is not null) _world.Statistics.Reverts++;
        _world.Judge(_service);
        _events.PullRequest("closed", change.Pull);
        _world.Tell(o => o.Changed("closed", change.Pull));
        _events.Push(_service.Line, before, change);
        _ci.HeadMoved();
        if (change.Plan.ReappliedAfter is { } wait) _world.Schedule.After(wait, () => Repairs.Revert(change, null));
    }

    private void Push(WorldCommit parent, string message)
    {
        var before = _service.Line.Head;
        _service.Line.Commit(parent, message, "ann", _world.Now);
        _world.Judge(_service);
        _events.Push(_service.Line, before, null);
        _ci.HeadMoved();
    }
}
