using ClosedLoop.Facts;

namespace ClosedLoop.AspNetCore.Access;

/// <summary>Who sent a request.</summary>
/// <param name="Writer">The writer; null when the caller is none.</param>
/// <param name="IsKnown">Whether the caller is authenticated at all, by a token or by the host.</param>
/// <param name="Problem">Why the caller is not known, or no writer; what to do about it.</param>
internal sealed record Caller(Writer? Writer, bool IsKnown, string? Problem)
{
    /// <summary>Whether a token was presented that nobody has.</summary>
    public bool HasWrongToken { get; init; }
}
