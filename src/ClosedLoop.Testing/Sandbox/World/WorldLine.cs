using System.Diagnostics.CodeAnalysis;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>The branch <c>main</c> of one repository: every commit that was ever on it, and where it stands.</summary>
internal sealed class WorldLine
{
    private readonly Dictionary<string, WorldCommit> _commits = new(StringComparer.OrdinalIgnoreCase);

    public WorldLine(string repository, DateTimeOffset now)
    {
        Repository = repository;
        Head = new WorldCommit(WorldDice.Sha("first/" + repository), null) { Message = "First commit", Author = "ann", At = now };
        _commits.Add(Head.Sha, Head);
    }

    public string Repository { get; }

    public WorldCommit Head { get; private set; }

    public IReadOnlyCollection<WorldCommit> Commits => _commits.Values;

    public bool TryFind(string sha, [NotNullWhen(true)] out WorldCommit? commit) => _commits.TryGetValue(sha, out commit);

    /// <summary>Puts a new commit on top of another one and moves the branch there; on top of anything but the head, that is a force-push.</summary>
    public WorldCommit Commit(WorldCommit parent, string message, string author, DateTimeOffset at, string? merged = null)
    {
        string sha = WorldDice.Sha($"commit/{parent.Sha}/{merged}/{message}");
        Head = new WorldCommit(sha, parent) { Merged = merged, Message = message, Author = author, At = at };
        _commits.Add(sha, Head);
        return Head;
    }
}
