namespace ClosedLoop.Adapters.CDEvents;

/// <summary>Where and how transitions are sent. Read once; later changes have no effect.</summary>
public sealed class CDEventsSinkOptions
{
    /// <summary>The sink's name in messages: lower-case letters, digits and '-'. The default is <c>cdevents</c>.</summary>
    public string Name { get; set; } = CDEventsAdapter.Name;

    /// <summary>The address to post to; absolute http or https. Required. Log messages name its host and nothing else of it. Redirects are not followed.</summary>
    public Uri? Address { get; set; }

    /// <summary>The events' <c>context.source</c>: a URI reference that names this ClosedLoop among all producers. The default is <c>/closedloop</c>.</summary>
    public string Source { get; set; } = "/closedloop";

    /// <summary>The version of CDEvents that is written. The default is <see cref="CDEventsVersion.V05"/>.</summary>
    public CDEventsVersion Version { get; set; } = CDEventsVersion.V05;

    /// <summary>The CloudEvents content mode. The default is <see cref="CloudEventsMode.Structured"/>.</summary>
    public CloudEventsMode Mode { get; set; } = CloudEventsMode.Structured;

    /// <summary>
    /// The file that remembers how far the log was sent. Required; its directory must exist and be kept between starts. Without the file a sink begins
    /// at the log's present end, see <see cref="FromStart"/>.
    /// </summary>
    public string? CursorFile { get; set; }

    /// <summary>Whether a sink without a cursor begins at the start of the log. The default is false.</summary>
    public bool FromStart { get; set; }

    /// <summary>
    /// Signs each body: header <c>X-ClosedLoop-Signature: sha256=…</c>, HMAC-SHA256 over the raw bytes, lower-case hexadecimal; at least 16 characters.
    /// Null sends unsigned.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>A token that is sent as <c>Authorization: Bearer</c>. Null sends none.</summary>
    public string? Token { get; set; }

    /// <summary>How long one post may take. The default is 10 s; 1 s to 5 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two looks at the log. The default is 1 s; 10 ms to 1 hour.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    internal CDEventsSinkOptions Copy() => (CDEventsSinkOptions)MemberwiseClone();
}
