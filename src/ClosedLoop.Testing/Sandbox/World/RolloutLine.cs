namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>
/// Deploys one service in batches: every few seconds the newest image goes to one target after another. Now and then it turns out bad: it is
/// rolled back everywhere and marked, and nothing more is deployed before an image has the repair.
/// </summary>
internal sealed class RolloutLine(WorldState world, WorldService service, Repairs repairs)
{
    private const double TurnsSoon = 0.5, MarkedFirst = 0.7;

    /// <summary>Nobody deploys again right after a rollback.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    /// <summary>What tells its time in whole seconds only has to complete in different ones.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(400);

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
        bool soon = _turnsBad && _dice.Chance(TurnsSoon);
        RollOut(version, 0, mayFail: !_turnsBad, passes: world.IsReadinessHealth || !soon, done => Finish(version, done, soon));
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

    private void Finish(WorldVersion version, bool done, bool soon)
    {
        if (done && _turnsBad)
        {
            _turnsBad = false;
            bool failedCheck = soon && !world.IsReadinessHealth;
            world.Schedule.After(failedCheck ? TimeSpan.Zero : soon ? _dice.Between(50, 150) : _dice.Between(700, 1_500), () => GoBack(version, _runs, failedCheck));
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
        if (!failedCheck) _rollout.Crash(service.Targets[0]);
        bool first = _dice.Chance(MarkedFirst);
        world.Statistics.Rollbacks++;
        world.Schedule.After(_dice.Between(200, 500) + (world.IsGitOps ? Apart : TimeSpan.Zero), () =>
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
