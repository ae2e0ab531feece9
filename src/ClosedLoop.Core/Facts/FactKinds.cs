namespace ClosedLoop.Facts;

/// <summary>
/// The kinds of fact with a meaning of their own. Every other kind is the name of a gate or of a signal that a gate listens to
/// (see <see cref="Gates"/>).
/// </summary>
public static class FactKinds
{
    /// <summary>A work item was opened; its attributes carry title and provenance.</summary>
    public const string Item = "item";

    /// <summary>A commit landed on a line; links the commit to its change.</summary>
    public const string Landing = "landing";

    /// <summary>A link made by hand or by API between its subject and other keys.</summary>
    public const string Link = "link";
}
