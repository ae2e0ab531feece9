namespace ClosedLoop.Testing.Sandbox.SourceHosts;

/// <summary>A commit as any host shows it: one of the line, or one that a merge brought in.</summary>
internal sealed record SourceCommit(string Sha, IReadOnlyList<string> Parents, string Message, string Author, DateTimeOffset At)
{
    public string Title => Message.Split('\n')[0];
}
