using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Brings the landings of one repository to production: an image each, rolled out one after another, then verified.</summary>
internal sealed class DeliveryLine(WorldState world, RegistryEvents registry, ClusterEvents cluster, string repository)
{
    private readonly WorldDice _dice = new(world.Options.Seed, "delivery/" + repository);
    private readonly Queue<(Landing Landing, SandboxImage Image)> _queue = new();
    private bool _busy;

    public void BuildImage(Landing landing, int buildNumber)
    {
        var image = SandboxImage.Build(repository, landing.Sha, buildNumber, world.Addresses.GitHub, world.Now);
        world.Becomes(landing.ItemId, Gates.ImageBuilt, GateStatus.Passed);
        world.Registry.Push(image);
        registry.Pushed(image);
        _queue.Enqueue((landing, image));
        if (!_busy) Next();
    }

    private void Next()
    {
        _busy = _queue.TryDequeue(out var next);
        if (_busy) world.Schedule.After(_dice.Between(30, 120), () => Apply(next.Landing, next.Image, _dice.Chance(0.08)));
    }

    private void Apply(Landing landing, SandboxImage image, bool fails)
    {
        var deployment = world.Cluster.Of(repository);
        world.Becomes(landing.ItemId, Gates.RolledOut, GateStatus.Running);
        deployment.Apply($"{world.Addresses.Registry.Authority}/{repository}@{image.Digest}", image.Digest);
        world.Schedule.After(_dice.Between(10, 40), () =>
        {
            var now = world.Now;
            deployment.Observe(now);
            cluster.Raise(deployment, RolloutReasons.Progressing, now);
            world.Schedule.After(_dice.Between(80, 250), () =>
            {
                if (fails) Fail(landing, image, deployment);
                else Finish(landing, deployment);
            });
        });
    }

    private void Fail(Landing landing, SandboxImage image, SandboxDeployment deployment)
    {
        var now = world.Becomes(landing.ItemId, Gates.RolledOut, GateStatus.Failed);
        deployment.Fail(now);
        cluster.Raise(deployment, RolloutReasons.Failed, now);
        world.Schedule.After(_dice.Between(150, 400), () => Apply(landing, image, fails: false));
    }

    private void Finish(Landing landing, SandboxDeployment deployment)
    {
        var now = world.Becomes(landing.ItemId, Gates.RolledOut, GateStatus.Passed);
        deployment.Finish(now);
        cluster.Raise(deployment, RolloutReasons.Complete, now);
        world.Schedule.After(_dice.Between(60, 180), () =>
        {
            var verified = world.Becomes(landing.ItemId, Gates.Healthy, GateStatus.Passed);
            cluster.Raise(deployment, RolloutReasons.Verified, verified);
            Next();
        });
    }
}
