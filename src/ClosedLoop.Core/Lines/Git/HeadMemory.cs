namespace ClosedLoop.Lines.Git;

/// <summary>
/// Since when a branch was seen where it stands, so that a branch that does not move brings no new fact with every look. Used by one look
/// at a time.
/// </summary>
internal sealed class HeadMemory
{
    /// <summary>
    /// Said again at the latest after this time: another process with another clone may have seen the branch elsewhere in between.
    /// </summary>
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, (string Sha, DateTimeOffset At)> _seen = new(StringComparer.Ordinal);

    public DateTimeOffset SeenAt(LineHead line, DateTimeOffset now)
    {
        if (_seen.TryGetValue(line.Branch, out var seen) && seen.Sha == line.Sha && now - seen.At < SayAgain) return seen.At;
        _seen[line.Branch] = (line.Sha, now);
        return now;
    }
}
