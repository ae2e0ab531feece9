namespace ClosedLoop.Adapters;

/// <summary>How a request to a source went.</summary>
public enum SourceAnswerKind
{
    /// <summary>It answered with what was asked for.</summary>
    Found = 0,

    /// <summary>It is what it was at the last time (304).</summary>
    Unchanged = 1,

    /// <summary>There is no such thing, or this user may not know of it (404, 410).</summary>
    Missing = 2,

    /// <summary>This one thing may not be read (403).</summary>
    Forbidden = 3,

    /// <summary>The source cannot be read at all now: its gates are blind.</summary>
    Unreachable = 4,

    /// <summary>It limits the rate (429, or 403 with Retry-After).</summary>
    RateLimited = 5,
}
