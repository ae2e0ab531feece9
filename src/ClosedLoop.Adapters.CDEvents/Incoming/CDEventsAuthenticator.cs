using System.Collections.Immutable;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>Takes a delivery that knows any of the secrets; the translator then asks which source that secret is of.</summary>
internal sealed class CDEventsAuthenticator(ImmutableArray<SecretCheck?> secrets) : IWebhookAuthenticator
{
    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        bool authentic = false;
        foreach (var secret in secrets) authentic |= secret?.Knows(delivery) == true;
        return authentic;
    }
}
