namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>
/// Deploys one service in batches: every few seconds the newest image goes to one target after another. Now and then it turns out bad: it is
/// rolled back everywhere and marked, and nothing more is deployed before an image has the repair.
/// </summary>
internal sealed class RolloutLine(WorldState world, WorldService service, Repairs repairs)
{
    private const double CrashesSoon = 0.5, MarkedFirst = 0.7;

    /// <summary>Nobody deploys again right after a rollback.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    private readonly WorldDice _dice = new(world.Options.Seed, "rollouts/" + service.Line.Repository);
    private readonly TargetRollout _rollout = new(world, service);
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
            if (version.IsBad || !service.Line.Head.Contains(version.Commit) || _runs.Commit.Contains(version.Commit)) continue;
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
        bool crashesSoon = _turnsBad && _dice.Chance(CrashesSoon);
        RollOut(version, 0, mayFail: !_turnsBad, done => Finish(version, done, crashesSoon));
    }

    private void RollOut(WorldVersion version, int target, bool mayFail, Action<bool> then)
    {
        if (target == service.Targets.Count)
        {
            then(true);
            return;
        }
        _rollout.Start(service.Targets[target], version, mayFail, done =>
        {
            if (done) RollOut(version, target + 1, mayFail, then);
            else then(false);
        });
    }

    private void Finish(WorldVersion version, bool done, bool crashesSoon)
    {
        if (done && _turnsBad)
        {
            _turnsBad = false;
            world.Schedule.After(crashesSoon ? _dice.Between(50, 150) : _dice.Between(700, 1_500), () => GoBack(version, _runs));
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

    private void GoBack(WorldVersion bad, WorldVersion good)
    {
        service.Targets[0].Deployment.Crash(world.Now);
        bool first = _dice.Chance(MarkedFirst);
        world.Statistics.Rollbacks++;
        world.Schedule.After(_dice.Between(200, 500), () =>
        {
            if (first) Mark(bad);
            world.Schedule.After(_dice.Between(150, 300), () => RollOut(good, 0, mayFail: false, _ =>
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

    // A cluster knows nothing of it: the person who rolls back tells the system under test, if it can be told.
    private void Mark(WorldVersion version)
    {
        version.IsBad = true;
        if (world.Options.MarkBad is not { } mark) return;
        version.IsVetoed = true;
        world.Judge(service);
        var image = new SandboxBadImage(version.Image.Repository, version.Image.Digest, world.Now);
        world.Schedule.AfterAwaiting(TimeSpan.Zero, cancellationToken => mark(image, cancellationToken));
    }
}
