using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Health;

/// <summary>How what serves at each target is: what its newest check said of each version.</summary>
internal sealed class ServiceHealth : IWorldObserver
{
    private readonly Dictionary<WorldTarget, Dictionary<WorldVersion, bool>> _checks = [];
    private readonly Dictionary<string, (WorldService Service, WorldTarget Target)> _targets = new(StringComparer.Ordinal);

    public ServiceHealth(WorldState world)
    {
        foreach (var service in world.Services)
        {
            foreach (var target in service.Targets)
            {
                _targets.Add(target.Deployment.Name, (service, target));
                _checks.Add(target, new() { [target.Serving[0]] = true });
            }
        }
    }

    /// <summary>Everything that serves: its service, target and version, and whether it is well; null before its first check.</summary>
    public IEnumerable<(WorldService Service, string Target, WorldVersion Version, bool? IsGood)> All => _targets.Keys.SelectMany(Of);

    /// <summary>What serves at one target.</summary>
    public IEnumerable<(WorldService Service, string Target, WorldVersion Version, bool? IsGood)> Of(string name)
    {
        if (!_targets.TryGetValue(name, out var at)) yield break;
        foreach (var version in at.Target.Serving) yield return (at.Service, name, version, _checks[at.Target].TryGetValue(version, out bool good) ? good : null);
    }

    public void RolledOut(WorldService service, WorldTarget target, RolloutStep step)
    {
        var checks = _checks[target];
        // A version that comes again has to show again that it is well.
        if (step == RolloutStep.Applied && target.Coming is { } coming) checks.Remove(coming);
        else if (step is RolloutStep.Verified or RolloutStep.Unhealthy) checks[target.Serving[^1]] = step == RolloutStep.Verified;
    }
}
