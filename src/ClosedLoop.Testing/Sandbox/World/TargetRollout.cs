namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Brings a version to one target: the new pods come up beside the old ones, and replace them. Some never come up. What is healthy once its pods are ready is so at once; elsewhere a check finds it.</summary>
internal sealed class TargetRollout(WorldState world, WorldService service)
{
    private const double Fails = 0.05, Dips = 0.05;

    private readonly WorldDice _dice = new(world.Options.Seed, "targets/" + service.Line.Repository);

    /// <param name="target">Where.</param>
    /// <param name="version">What.</param>
    /// <param name="mayFail">Whether chance may keep it from coming up.</param>
    /// <param name="passes">How the check after it goes, where there is one.</param>
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
        target.Deployment.Apply(version.Image, world.Now);
        world.Judge(service);
        Show(target, RolloutStep.Applied);
        world.Schedule.After(_dice.Between(10, 40), () =>
        {
            target.Deployment.Begin(world.Now);
            Show(target, RolloutStep.Started);
            world.Schedule.After(_dice.Between(100, 300), () =>
            {
                if (fails) Fail(target, then);
                else Mix(target, version, passes, then);
            });
        });
    }

    /// <summary>What runs there turns out bad: a pod of it crashes again and again.</summary>
    public void Crash(WorldTarget target)
    {
        target.Deployment.Crash(world.Now);
        Check(target, passes: false);
    }

    // A failure takes nothing back from what was healthy before.
    private void Check(WorldTarget target, bool passes)
    {
        foreach (var change in service.Changes)
            if (change.Exposures.TryGetValue(target, out var exposure) && exposure.IsLive)
                exposure.Check(passes);
        world.Judge(service);
        Show(target, passes ? RolloutStep.Verified : RolloutStep.Unhealthy);
    }

    private void Show(WorldTarget target, RolloutStep step) => world.Tell(o => o.RolledOut(service, target, step));

    private void Fail(WorldTarget target, Action<bool> then)
    {
        target.Fail();
        target.Deployment.Fail(world.Now);
        world.Judge(service);
        Show(target, RolloutStep.Failed);
        then(false);
    }

    private void Mix(WorldTarget target, WorldVersion version, bool passes, Action<bool> then)
    {
        target.Serve([.. target.Serving, version]);
        target.Deployment.Mix(world.Now);
        world.Judge(service);
        Show(target, RolloutStep.Mixed);
        world.Schedule.After(_dice.Between(150, 400), () =>
        {
            target.Serve(version);
            target.Deployment.Finish(world.Now);
            world.Judge(service);
            Show(target, RolloutStep.Complete);
            if (world.IsReadinessHealth) Check(target, passes: true);
            world.Schedule.After(_dice.Between(60, 180), () =>
            {
                if (!passes) Crash(target);
                else if (!world.IsReadinessHealth) Check(target, passes: true);
                if (_dice.Chance(Dips)) world.Schedule.After(_dice.Between(40, 80), () => Dip(target, version));
                then(true);
            });
        });
    }

    // A pod that is moved while the service scales takes no traffic for a moment; that takes nothing back.
    private void Dip(WorldTarget target, WorldVersion version)
    {
        if (target.Serving is not [var only] || only != version || target.Coming is not null) return;
        target.Deployment.Dip(world.Now);
        Check(target, passes: false);
        world.Schedule.After(_dice.Between(40, 80), () =>
        {
            target.Deployment.Recover(world.Now);
            if (target.Serving is [var still] && still == version) Check(target, passes: true);
        });
    }
}
