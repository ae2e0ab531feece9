namespace ClosedLoop.Outbox;

/// <summary>Where and how the generic webhook sink posts notifications.</summary>
public sealed class WebhookSinkOptions
{
    /// <summary>The sink's name; the default is <c>webhook</c>.</summary>
    public string Name { get; set; } = "webhook";

    /// <summary>
    /// The address to post to; absolute http or https. Required. Each post carries the header <c>Idempotency-Key</c>: the notification's
    /// key, its characters beyond ASCII percent-encoded. Log messages name the address's host and nothing else of it.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>
    /// Signs each body: header <c>X-ClosedLoop-Signature: sha256=…</c>, HMAC-SHA256 over the raw bytes, lower-case hexadecimal.
    /// Null sends unsigned.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>How long one attempt may take. The default is 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
