namespace ClosedLoop.Lines.Git;

/// <summary>One command for git: what to run, what to feed it, and how much it may answer.</summary>
internal sealed class GitCall(params string[] arguments)
{
    /// <summary>The most that one command may print unless it says otherwise: 256 MB.</summary>
    public const long DefaultMaxOutputBytes = 256L * 1024 * 1024;

    public IReadOnlyList<string> Arguments => arguments;

    /// <summary>What it reads; null: nothing.</summary>
    public byte[]? Input { get; init; }

    /// <summary>An index of its own outside the clone; null: it needs none.</summary>
    public string? IndexFile { get; init; }

    public long MaxOutputBytes { get; init; } = DefaultMaxOutputBytes;
}
