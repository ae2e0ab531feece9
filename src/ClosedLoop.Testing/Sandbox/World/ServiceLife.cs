using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.Registry;
using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Everything that goes on in one repository once a change has landed: CI, images, rollouts, repairs.</summary>
internal sealed class ServiceLife
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2), Noticed = TimeSpan.FromSeconds(4);

    private readonly WorldState _world;
    private readonly WorldService _service;
    private readonly ISourceHost _host;
    private readonly CiLine _ci;
    private readonly RolloutLine _rollouts;

    public ServiceLife(WorldState world, WorldService service, ISourceHost host, JenkinsEvents jenkins, RegistryEvents registry, int executors)
    {
        _world = world;
        _service = service;
        _host = host;
        Repairs = new Repairs(world, service, host, this);
        _rollouts = new RolloutLine(world, service, Repairs);
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
        var (message, merged) = _host.Land(change);
        var commit = _service.Line.Commit(before, message, change.Plan.Author, now, merged);
        change.Pull.Merge(commit.Sha, now);
        _service.Land(change, commit);
        if (change.Plan.Reverts is not null) _world.Statistics.Reverts++;
        _world.Judge(_service);
        _host.Merged(change.Pull);
        _world.Tell(o => o.Changed("closed", change.Pull));
        _host.Pushed(_service.Line, before, change);
        _ci.HeadMoved();
        if (change.Plan.ReappliedAfter is { } wait) _world.Schedule.After(wait, () => Repairs.Revert(change, null));
    }

    private void Push(WorldCommit parent, string message)
    {
        var before = _service.Line.Head;
        _service.Line.Commit(parent, message, "ann", _world.Now);
        _world.Judge(_service);
        _host.Pushed(_service.Line, before, null);
        _ci.HeadMoved();
    }
}
