namespace ClosedLoop.Adapters.GitHub.Probing;

internal enum ReplyKind
{
    /// <summary>An answer in JSON.</summary>
    Ok = 0,

    /// <summary>Nothing changed since the ETag that was sent.</summary>
    NotModified = 1,

    /// <summary>GitHub, or our own reserve, asks to wait.</summary>
    RateLimited = 2,

    /// <summary>No such repository for this token.</summary>
    NotFound = 3,

    /// <summary>The query took GitHub too long; a smaller one may not.</summary>
    TooSlow = 4,

    /// <summary>The answer is larger than what is read; a smaller question may have a smaller one.</summary>
    TooLarge = 6,

    /// <summary>Everything else: refused, broken or not there.</summary>
    Unreachable = 5,
}
