namespace ClosedLoop.Storage;

/// <summary>The kinds of due rows.</summary>
public static class DueKinds
{
    /// <summary>Prefix of the kinds that read one item's subjects from a source: <c>probe:github</c>.</summary>
    public const string Probe = "probe:";

    /// <summary>Prefix of the kinds that list what changed at a source: <c>sweep:github</c>.</summary>
    public const string Sweep = "sweep:";

    /// <summary>Changes of a line have to be folded again, more of them than one transaction takes.</summary>
    public const string Concern = "concern";

    /// <summary>A check that holds so far may count now.</summary>
    public const string Soak = "soak";

    /// <summary>Prefix of the kinds that fold a pipeline's items once more by one version of its rules; the version follows.</summary>
    internal const string Refold = "refold:";

    /// <summary>A limit of one of the item's gates runs out.</summary>
    public const string Sla = "sla";
}
