namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>When things go wrong that no single change is planned for: bad rollouts, and changes that somebody wants out again.</summary>
internal sealed class WorldMishaps
{
    private readonly WorldState _world;
    private readonly WorldDice _dice;
    private TimeSpan _nextRollback;

    public WorldMishaps(WorldState world)
    {
        _world = world;
        _dice = new WorldDice(world.Options.Seed, "mishaps");
        _nextRollback = world.Options.RollbackEvery * (0.2 + (0.25 * _dice.Share()));
    }

    /// <summary>Whether the rollout that begins now has to turn out bad.</summary>
    public bool IsRollbackDue()
    {
        if (_world.Options.RollbackEvery == TimeSpan.Zero || _world.Schedule.Now < _nextRollback) return false;
        _nextRollback = _world.Schedule.Now + (_world.Options.RollbackEvery * (0.75 + (0.5 * _dice.Share())));
        return true;
    }

    public void Plan(IReadOnlyList<ServiceLife> services)
    {
        Every(_world.Options.RevertEvery, () => RevertSomething(services[_dice.Pick(services.Count)]));
        Every(_world.Options.ForcePushEvery, () => services[_dice.Pick(services.Count)].PushOver());
    }

    private void Every(TimeSpan interval, Action step)
    {
        if (interval == TimeSpan.Zero) return;
        for (var at = interval * (0.2 + (0.3 * _dice.Share())); at < _world.Options.GenerateFor; at += interval * (0.75 + (0.5 * _dice.Share()))) _world.Schedule.After(at, step);
    }

    // What is live everywhere: what is not was never missed.
    private void RevertSomething(ServiceLife life)
    {
        var service = life.Service;
        var candidates = service.Changes.Where(c => c.Plan is { Reverts: null, Repairs: null } && !c.IsBeingReverted && c.IsIn(service.Line.Head) &&
            service.Targets.All(t => c.Exposures.GetValueOrDefault(t) is { IsVerified: true })).ToList();
        bool reapplied = _dice.Chance(0.5);
        int choice = _dice.Pick(Math.Max(1, candidates.Count));
        if (candidates.Count > 0) life.Repairs.Revert(candidates[choice], reapplied ? TimeSpan.FromSeconds(6) : null);
    }
}
