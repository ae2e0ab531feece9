using ClosedLoop.Testing.Sandbox.Cluster;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>
/// Deploys one service in batches: every few seconds the newest image goes to one target after another. Now and then it turns out bad: it is
/// rolled back everywhere and marked, and nothing more is deployed before an image has the repair.
/// </summary>
internal sealed class RolloutLine(WorldState world, WorldService service, ClusterEvents events, Repairs repairs)
{
    private const double SeenByCheck = 0.5, MarkedFirst = 0.7;

    /// <summary>Nobody deploys again right after a rollback.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    /// <summary>What tells its time in whole seconds only has to complete in different ones.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(400);

    private readonly HashSet<WorldVersion> _bad = [];
    private readonly WorldDice _dice = new(world.Options.Seed, "rollouts/" + service.Line.Repository);
    private readonly TargetRollout _rollout = new(world, service, events);
    private WorldVersion _runs = service.Versions[0];
    private WorldChange? _culprit;
    private bool _turnsBad;
    private bool _busy;

    /// <summary>While this is so, no rollout begins.</summary>
    public bool IsHeld { get; set; }

    /// <summary>There is a new image, perhaps.</summary>
    public void Wake()
    {
        if (_busy || IsHeld || Newest() is null) return;
        _busy = true;
        world.Schedule.After(_dice.Between(800, 2_000), Begin);
    }

    private WorldVersion? Newest()
    {
        WorldVersion? newest = null;
        foreach (var version in service.Versions)
        {
            if (_bad.Contains(version) || !service.Line.Head.Contains(version.Commit) || _runs.Commit.Contains(version.Commit)) continue;
            if (_culprit is { } culprit && culprit.IsIn(version.Commit) && culprit.Repair?.IsIn(version.Commit) != true) continue;
            if (newest is null || version.Commit.Depth >= newest.Commit.Depth) newest = version;
        }
        return newest;
    }

    private void Begin()
    {
        if (IsHeld || Newest() is not { } version)
        {
            _busy = false;
            return;
        }
        _turnsBad = _turnsBad || world.Mishaps.IsRollbackDue();
        bool failsCheck = _turnsBad && _dice.Chance(SeenByCheck);
        RollOut(version, 0, mayFail: !_turnsBad, passes: !failsCheck, done => Finish(version, done, failsCheck));
    }

    private void RollOut(WorldVersion version, int target, bool mayFail, bool passes, Action<bool> then)
    {
        if (target == service.Targets.Count)
        {
            then(true);
            return;
        }
        _rollout.Start(service.Targets[target], version, mayFail, passes, done =>
        {
            if (done) RollOut(version, target + 1, mayFail, passes, then);
            else then(false);
        });
    }

    private void Finish(WorldVersion version, bool done, bool failedCheck)
    {
        if (done && _turnsBad)
        {
            _turnsBad = false;
            world.Schedule.After(failedCheck ? TimeSpan.Zero : _dice.Between(700, 1_500), () => GoBack(version, _runs, failedCheck));
            return;
        }
        if (done)
        {
            _runs = version;
            _culprit = null;
        }
        _busy = false;
        Wake();
    }

    private void GoBack(WorldVersion bad, WorldVersion good, bool failedCheck)
    {
        if (!failedCheck) _rollout.Check(service.Targets[0], passes: false);
        bool first = _dice.Chance(MarkedFirst);
        world.Statistics.Rollbacks++;
        world.Schedule.After(_dice.Between(200, 500) + (world.IsReadinessHealth ? Apart : TimeSpan.Zero), () =>
        {
            if (first) Mark(bad);
            world.Schedule.After(_dice.Between(150, 300), () => RollOut(good, 0, mayFail: false, passes: true, _ =>
            {
                if (!first) Mark(bad);
                _culprit = repairs.Blame(good.Commit, bad.Commit);
                world.Schedule.After(Pause, () =>
                {
                    _busy = false;
                    Wake();
                });
            }));
        });
    }

    private void Mark(WorldVersion version)
    {
        _bad.Add(version);
        // Only this cluster's own controller says which images are bad; elsewhere people know, and do not roll them out again.
        if (world.Options.Delivery != SandboxDelivery.Kubernetes) return;
        version.IsVetoed = true;
        world.Judge(service);
        events.Reject(service.Targets[0].Deployment, version.Image, world.Now);
    }
}
