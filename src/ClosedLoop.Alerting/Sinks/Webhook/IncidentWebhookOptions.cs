namespace ClosedLoop.Alerting.Sinks;

/// <summary>Where incidents are posted as JSON, signed as Standard Webhooks says.</summary>
public sealed class IncidentWebhookOptions : TextSinkOptions
{
    /// <summary>Makes options with the defaults.</summary>
    public IncidentWebhookOptions()
        : base("webhook")
    {
    }

    /// <summary>The address to post to. Required. Log messages name its host and nothing else of it.</summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// The secrets, each <c>whsec_</c> and 24 to 64 random bytes in Base64. At least one, at most 5: with several each post carries a signature of each, so that
    /// a receiver can be moved from the old one to the new.
    /// </summary>
    public IList<string> Secrets { get; } = [];
}
