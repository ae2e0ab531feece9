namespace ClosedLoop.Adapters.Oci;

/// <summary>Authentic when one of several checks says so; all are made, so that the time does not tell which.</summary>
internal sealed class AnyAuthenticator(params IWebhookAuthenticator[] checks) : IWebhookAuthenticator
{
    public bool IsAuthentic(in WebhookDelivery delivery)
    {
        bool authentic = false;
        foreach (var check in checks) authentic |= check.IsAuthentic(delivery);
        return authentic;
    }
}
