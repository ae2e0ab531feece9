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

    /// <summary>
    /// Where a branch stands: subject <c>branch:</c>, <see cref="Fact.Revision"/> is its newest commit. Ordered by the source's clock
    /// (time of the push, or of the answer that was read).
    /// </summary>
    public const string Head = "head";

    /// <summary>
    /// A commit (or a pull request) undoes another: the attribute <see cref="FactAttributes.Reverts"/> names what, and
    /// <see cref="FactAttributes.How"/> how it is known. From the commit on, the undone change is no longer on the line.
    /// </summary>
    public const string Revert = "revert";

    /// <summary>
    /// A commit has the content of another one (cherry-pick, rebase, squash): the attribute <see cref="FactAttributes.EquivalentTo"/> names
    /// it. It is a landing of the same change.
    /// </summary>
    public const string Equivalent = "equivalent";

    /// <summary>
    /// A version (subject <c>commit:</c> or <c>image:</c>) was marked bad (<see cref="GateStatus.Failed"/>) or released again
    /// (<see cref="GateStatus.Passed"/>).
    /// </summary>
    public const string Veto = "veto";

    /// <summary>
    /// Tracking starts here: subject <c>branch:owner/repo@name</c> or <c>environment:name@owner/repo</c>, <see cref="Fact.Revision"/> the
    /// commit. What landed at or before it is neither shipped nor stuck.
    /// </summary>
    public const string Baseline = "baseline";

    /// <summary>A link made by hand or by API between its subject and other keys.</summary>
    public const string Link = "link";
}
