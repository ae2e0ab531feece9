using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Jenkins;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>One repository and all that comes of it: its line, the changes on it, their builds and images, and where they run.</summary>
internal sealed class WorldService(WorldLine line, IReadOnlyList<WorldTarget> targets, SandboxTruth truth)
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
            if (!lands)
            {
                next.TakeBack(commit);
                continue;
            }
            next.Land(commit);
            truth.Record(next.ItemId, new TruthLanding { OnRed = WasRed(commit) });
        }
    }

    /// <summary>Main is green with a change for the first time.</summary>
    public void Release(WorldChange change, WorldCommit by)
    {
        change.IsBuilt = true;
        var released = by.Change is { } other && by != change.Landing ? Key.PullRequest(Line.Repository, other.Pull.Number) : (Key?)null;
        truth.Record(change.ItemId, truth.LandingOf(change.ItemId)! with { ReleasedBy = released });
    }

    // Source hosts tell of a merge in whole seconds: what a build said in the same second is before or after it, as one likes.
    private static bool? WasRed(WorldCommit landing)
    {
        var second = DateTimeOffset.FromUnixTimeSeconds(landing.At.ToUnixTimeSeconds());
        for (var at = landing.Parent; at is not null; at = at.Parent)
            if (at.Verdict is { } verdict)
                return verdict.EndedAt > second ? null : verdict.Result == JenkinsBuild.Failure;
        return false;
    }

    public void AddBuilt(WorldCommit commit)
    {
        if (commit.Build is null) _built.Add(commit);
    }

    public void Add(WorldVersion version) => _versions.Add(version);
}
