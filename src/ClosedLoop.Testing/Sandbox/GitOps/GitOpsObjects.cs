using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitOps;

/// <summary>The objects of a GitOps controller, one for each target.</summary>
internal sealed class GitOpsObjects : IWorldObserver
{
    private readonly WorldState _world;
    private readonly Dictionary<WorldTarget, GitOpsObject> _objects = [];

    public GitOpsObjects(WorldState world, IGitOpsView view)
    {
        (_world, View) = (world, view);
        foreach (var service in world.Services)
            foreach (var target in service.Targets)
                _objects.Add(target, new GitOpsObject(service, target, world.Addresses.Registry.Authority, world.Now));
    }

    public IGitOpsView View { get; }

    public IEnumerable<GitOpsObject> All => _objects.Values;

    /// <summary>Counts all changes, as the cluster does.</summary>
    public int Version { get; private set; }

    public void RolledOut(WorldService service, WorldTarget target, RolloutStep step)
    {
        var item = _objects[target];
        item.See(step, _world.Now);
        Version++;
        if (step != RolloutStep.Complete) View.Tell(item, step);
    }
}
