namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Brings a version to one target: the new pods come up beside the old ones, and replace them. Some never come up.</summary>
internal sealed class TargetRollout(WorldState world, WorldService service)
{
    private const double Fails = 0.05, Dips = 0.05;

    private readonly WorldDice _dice = new(world.Options.Seed, "targets/" + service.Line.Repository);

    /// <param name="target">Where.</param>
    /// <param name="version">What.</param>
    /// <param name="mayFail">Whether chance may keep it from coming up.</param>
    /// <param name="then">Gets whether the target runs the version now.</param>
    public void Start(WorldTarget target, WorldVersion version, bool mayFail, Action<bool> then)
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
        world.Schedule.After(_dice.Between(10, 40), () =>
        {
            target.Deployment.Begin(world.Now);
            world.Schedule.After(_dice.Between(100, 300), () =>
            {
                if (fails) Fail(target, then);
                else Mix(target, version, then);
            });
        });
    }

    private void Fail(WorldTarget target, Action<bool> then)
    {
        target.Fail();
        target.Deployment.Fail(world.Now);
        world.Judge(service);
        then(false);
    }

    private void Mix(WorldTarget target, WorldVersion version, Action<bool> then)
    {
        target.Serve([.. target.Serving, version]);
        target.Deployment.Mix(world.Now);
        world.Judge(service);
        world.Schedule.After(_dice.Between(150, 400), () =>
        {
            target.Serve(version);
            target.Deployment.Finish(world.Now);
            Verify(target);
            world.Schedule.After(_dice.Between(60, 180), () =>
            {
                if (_dice.Chance(Dips)) world.Schedule.After(_dice.Between(40, 80), () => Dip(target, version));
                then(true);
            });
        });
    }

    // What serves alone and takes traffic is healthy.
    private void Verify(WorldTarget target)
    {
        world.Judge(service);
        foreach (var change in service.Changes)
            if (change.Exposures.TryGetValue(target, out var exposure) && exposure.IsLive)
                exposure.Verify();
        world.Judge(service);
    }

    // A pod that is moved while the service scales takes no traffic for a moment; that takes nothing back.
    private void Dip(WorldTarget target, WorldVersion version)
    {
        if (target.Serving is not [var only] || only != version || target.Coming is not null) return;
        target.Deployment.Dip(world.Now);
        world.Schedule.After(_dice.Between(40, 80), () => target.Deployment.Recover(world.Now));
    }
}
