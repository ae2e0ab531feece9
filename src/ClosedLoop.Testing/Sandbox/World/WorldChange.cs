using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>A change from its pull request on: where it landed, what took it back, and how far it has come since.</summary>
internal sealed class WorldChange(ChangePlan plan, PullRequest pull, string itemId, string? undoes)
{
    private readonly List<WorldCommit> _takenBack = [];

    public ChangePlan Plan { get; } = plan;

    public PullRequest Pull { get; } = pull;

    public string ItemId { get; } = itemId;

    /// <summary>For a revert: what its commit says of what it undoes, as that was at the time.</summary>
    public string? Undoes { get; } = undoes;

    /// <summary>The commit by which it is on its line, the newest if it landed again; null before it landed.</summary>
    public WorldCommit? Landing { get; private set; }

    /// <summary>Whether somebody is about to revert it, or has done so.</summary>
    public bool IsBeingReverted { get; set; }

    /// <summary>The change that repairs what this one broke.</summary>
    public WorldChange? Repair { get; set; }

    public bool IsBuilt { get; set; }

    public bool HasImage { get; set; }

    /// <summary>How it fares at each target of its service.</summary>
    public Dictionary<WorldTarget, Exposure> Exposures { get; } = [];

    /// <summary>What was built of an earlier landing says nothing of this one.</summary>
    public void Land(WorldCommit commit)
    {
        Landing = commit;
        IsBuilt = HasImage = IsBeingReverted = false;
        Exposures.Clear();
    }

    public void TakeBack(WorldCommit commit) => _takenBack.Add(commit);

    /// <summary>Whether a commit has what this change brought: it landed before, and nothing in between took it back.</summary>
    public bool IsIn(WorldCommit commit) =>
        Landing is { } landing && commit.Contains(landing) && !_takenBack.Exists(r => r.Contains(landing) && commit.Contains(r));
}
