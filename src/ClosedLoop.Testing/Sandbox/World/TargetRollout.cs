using ClosedLoop.Testing.Sandbox.Cluster;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Brings a version to one target: the new pods come up beside the old ones, replace them, and are checked. Some never come up.</summary>
internal sealed class TargetRollout(WorldState world, WorldService service, ClusterEvents events)
{
    private const double Fails = 0.05, Dips = 0.05;

    private readonly WorldDice _dice = new(world.Options.Seed, "targets/" + service.Line.Repository);

    /// <param name="target">Where.</param>
    /// <param name="version">What.</param>
    /// <param name="mayFail">Whether chance may keep it from coming up.</param>
    /// <param name="passes">How the check after it goes.</param>
    /// <param name="then">Gets whether the target runs the version now.</param>
    public void Start(WorldTarget target, WorldVersion version, bool mayFail, bool passes, Action<bool> then)
    {
        if (target.Serving is [var only] && only == version)
        {
            then(true);
            return;
        }
        bool fails = _dice.Chance(Fails) && mayFail;
        target.Start(version);
        target.Deployment.Apply(version.Image);
        world.Judge(service);
        Show(target, RolloutStep.Applied);
        world.Schedule.After(_dice.Between(10, 40), () =>
        {
            target.Deployment.Begin(world.Now);
            events.Raise(target.Deployment, RolloutReasons.Started, world.Now);
            Show(target, RolloutStep.Started);
            world.Schedule.After(_dice.Between(100, 300), () =>
            {
                if (fails) Fail(target, then);
                else Mix(target, version, passes, then);
            });
        });
    }

    /// <summary>A check of what runs there now.</summary>
    public void Check(WorldTarget target, bool passes)
    {
        foreach (var change in service.Changes)
            if (change.Exposures.TryGetValue(target, out var exposure) && exposure.IsLive)
                exposure.Check(passes);
        world.Judge(service);
        events.Raise(target.Deployment, passes ? RolloutReasons.Verified : RolloutReasons.Unhealthy, world.Now);
        Show(target, passes ? RolloutStep.Verified : RolloutStep.Unhealthy);
    }

    private void Show(WorldTarget target, RolloutStep step) => world.Tell(o => o.RolledOut(service, target, step));

    private void Fail(WorldTarget target, Action<bool> then)
    {
        target.Fail();
        target.Deployment.Fail(world.Now);
        world.Judge(service);
        events.Raise(target.Deployment, RolloutReasons.Failed, world.Now);
        Show(target, RolloutStep.Failed);
        then(false);
    }

    private void Mix(WorldTarget target, WorldVersion version, bool passes, Action<bool> then)
    {
        target.Serve([.. target.Serving, version]);
        target.Deployment.Mix(world.Now);
        world.Judge(service);
        events.Raise(target.Deployment, RolloutReasons.Mixed, world.Now);
        Show(target, RolloutStep.Mixed);
        world.Schedule.After(_dice.Between(150, 400), () =>
        {
            target.Serve(version);
            target.Deployment.Finish(world.Now);
            world.Judge(service);
            events.Raise(target.Deployment, RolloutReasons.Complete, world.Now);
            Show(target, RolloutStep.Complete);
            // That all pods are ready is the first check already: what turns out bad does so later.
            if (world.IsReadinessHealth) Check(target, passes: true);
            world.Schedule.After(_dice.Between(60, 180), () =>
            {
                if (!world.IsReadinessHealth || !passes) Check(target, passes);
                if (_dice.Chance(Dips)) world.Schedule.After(_dice.Between(40, 80), () => Dip(target, version));
                then(true);
            });
        });
    }

    // A pod that is moved while the service scales fails a check, and the next one passes.
    private void Dip(WorldTarget target, WorldVersion version)
    {
        if (target.Serving is not [var only] || only != version || target.Coming is not null) return;
        Check(target, passes: false);
        world.Schedule.After(_dice.Between(40, 80), () =>
        {
            if (target.Serving is [var still] && still == version) Check(target, passes: true);
        });
    }
}
