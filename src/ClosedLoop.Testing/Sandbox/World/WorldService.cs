namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>One repository and all that comes of it: its line, the changes on it, their builds and images, and where they run.</summary>
internal sealed class WorldService(WorldLine line, IReadOnlyList<WorldTarget> targets)
{
    private readonly List<WorldChange> _changes = [];
    private readonly List<WorldCommit> _built = [];
    private readonly List<WorldVersion> _versions = [];

    public WorldLine Line { get; } = line;

    public IReadOnlyList<WorldTarget> Targets { get; } = targets;

    /// <summary>The changes that have landed, oldest first.</summary>
    public IReadOnlyList<WorldChange> Changes => _changes;

    /// <summary>The commits that had a build, oldest first.</summary>
    public IReadOnlyList<WorldCommit> Built => _built;

    /// <summary>The images, oldest first.</summary>
    public IReadOnlyList<WorldVersion> Versions => _versions;

    /// <summary>A change lands; if it reverts another one, that one goes, and what that one had reverted comes back.</summary>
    public void Land(WorldChange change, WorldCommit commit)
    {
        commit.Change = change;
        _changes.Add(change);
        bool lands = true;
        for (var next = change; next is not null; next = next.Plan.Reverts, lands = !lands)
        {
            if (lands) next.Land(commit);
            else next.TakeBack(commit);
        }
    }

    public void AddBuilt(WorldCommit commit)
    {
        if (commit.Build is null) _built.Add(commit);
    }

    public void Add(WorldVersion version) => _versions.Add(version);
}
