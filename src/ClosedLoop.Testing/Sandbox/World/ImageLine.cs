using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Makes images of what CI found green, and of nothing else. When a newer commit is there already, some are left out.</summary>
internal sealed class ImageLine(WorldState world, WorldService service, RegistryEvents events, RolloutLine rollouts)
{
    private const double LeftOut = 0.25;

    private readonly WorldDice _dice = new(world.Options.Seed, "images/" + service.Line.Repository);

    public void Built(WorldCommit commit, int buildNumber)
    {
        var takes = _dice.Between(100, 350);
        if (_dice.Chance(LeftOut) && commit != service.Line.Head) return;
        world.Schedule.After(takes, () => Publish(commit, buildNumber));
    }

    private void Publish(WorldCommit commit, int buildNumber)
    {
        var image = SandboxImage.Build(service.Line.Repository, commit.Sha, buildNumber, world.Addresses.GitHub, world.Now);
        world.Registry.Push(image);
        var version = new WorldVersion(commit, image);
        service.Add(version);
        world.Judge(service);
        events.Pushed(image);
        world.Tell(o => o.Published(service, version));
        rollouts.Wake();
    }
}
