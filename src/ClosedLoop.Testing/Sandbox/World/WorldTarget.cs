using ClosedLoop.Testing.Sandbox.Cluster;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>One place that runs a service: what has served there, one after another, and what is on its way.</summary>
internal sealed class WorldTarget(SandboxDeployment deployment)
{
    private readonly List<WorldVersion[]> _served = [];

    public SandboxDeployment Deployment { get; } = deployment;

    /// <summary>What serves now: two versions while one replaces the other, none before the first rollout.</summary>
    public IReadOnlyList<WorldVersion> Serving => _served.Count == 0 ? [] : _served[^1];

    /// <summary>What is being rolled out and does not serve yet.</summary>
    public WorldVersion? Coming { get; private set; }

    /// <summary>What was to be rolled out last and did not come up.</summary>
    public WorldVersion? Failed { get; private set; }

    public void Start(WorldVersion version) => (Coming, Failed) = (version, null);

    public void Fail() => (Coming, Failed) = (null, Coming);

    public void Serve(params WorldVersion[] versions)
    {
        _served.Add(versions);
        Coming = null;
    }

    /// <summary>Whether a change is live here: all that serves has it, and not only thanks to a version that was marked bad.</summary>
    public bool HasLive(WorldChange change)
    {
        if (_served.Count == 0 || !Array.TrueForAll(_served[^1], v => change.IsIn(v.Commit))) return false;
        if (!IsVetoed(_served[^1])) return true;
        var before = _served.FindLast(static s => !IsVetoed(s));
        return before is not null && Array.TrueForAll(before, v => change.IsIn(v.Commit));
    }

    private static bool IsVetoed(WorldVersion[] served) => Array.Exists(served, static v => v.IsVetoed);
}
