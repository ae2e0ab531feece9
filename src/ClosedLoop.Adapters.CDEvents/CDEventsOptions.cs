namespace ClosedLoop.Adapters.CDEvents;

/// <summary>Whose events are taken, and as what. Read once when the adapter is made; later changes have no effect.</summary>
public sealed class CDEventsOptions
{
    /// <summary>The most sources: 500.</summary>
    public const int MaxSources = 500;

    /// <summary>
    /// The secret of every source without one of its own; at least 16 characters. A sender puts it into the header <c>X-ClosedLoop-Token</c> or
    /// into <c>Authorization</c> after <c>Bearer </c>, or signs the body with it: <c>X-ClosedLoop-Signature: sha256=</c> and the HMAC-SHA256
    /// in hexadecimal digits. Required, unless each source has its own.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>The sources that may write, and as what. At least one: events of any other source are ignored.</summary>
    public IList<CDEventsSource> Sources { get; } = [];

    /// <summary>What the record calls an environment, by the id that events give it. Environments that are not listed keep their id.</summary>
    public IDictionary<string, string> Environments { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
