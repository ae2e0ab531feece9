using ClosedLoop.Testing.Sandbox.Jenkins;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>A commit of a line. Its first parent is the line's history; a jump far back beside it makes ancestry a matter of few steps.</summary>
internal sealed class WorldCommit
{
    private readonly WorldCommit _jump;

    public WorldCommit(string sha, WorldCommit? parent)
    {
        Sha = sha;
        Parent = parent;
        Depth = parent is null ? 0 : parent.Depth + 1;
        _jump = parent is null ? this
            : parent.Depth - parent._jump.Depth == parent._jump.Depth - parent._jump._jump.Depth ? parent._jump._jump
            : parent;
    }

    public string Sha { get; }

    public WorldCommit? Parent { get; }

    /// <summary>What a merge commit brought in, the head of its pull request or the squash of it: its second parent.</summary>
    public string? Merged { get; init; }

    public int Depth { get; }

    public required string Message { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The change that landed by it; null for the first commit and for what somebody pushed by hand.</summary>
    public WorldChange? Change { get; set; }

    /// <summary>The newest build of it that came to a verdict.</summary>
    public JenkinsBuild? Verdict { get; private set; }

    /// <summary>The newest build of it.</summary>
    public JenkinsBuild? Build { get; private set; }

    /// <summary>Whether another commit is this one or in its history.</summary>
    public bool Contains(WorldCommit other)
    {
        if (other.Depth > Depth) return false;
        var at = this;
        while (at.Depth > other.Depth) at = at._jump.Depth >= other.Depth ? at._jump : at.Parent!;
        return ReferenceEquals(at, other);
    }

    public void Started(JenkinsBuild build)
    {
        if (Build is null || build.Number > Build.Number) Build = build;
    }

    public void Ended(JenkinsBuild build)
    {
        if (build.HasVerdict && (Verdict is null || build.Number > Verdict.Number)) Verdict = build;
    }
}
