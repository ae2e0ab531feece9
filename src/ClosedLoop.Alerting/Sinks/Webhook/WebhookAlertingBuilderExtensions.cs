using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Posts incidents anywhere.</summary>
public static class WebhookAlertingBuilderExtensions
{
    private const int MaxSecrets = 5;

    /// <summary>Adds an address that takes incidents as JSON, signed as Standard Webhooks says.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddWebhook(this AlertingBuilder alerts, Action<IncidentWebhookOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new IncidentWebhookOptions();
        configure(options);
        return SinkRegistration.Add(alerts, options, Check(options), (services, post) => new IncidentWebhookSink(options, post, services.GetRequiredService<TimeProvider>()));
    }

    private static SinkProblems Check(IncidentWebhookOptions options)
    {
        var problems = new SinkProblems(SinkRegistration.Path("Webhook", options.Name), options);
        problems.Address(nameof(options.Url), options.Url, "set where incidents are to be posted");
        if (options.Secrets.Count is 0 or > MaxSecrets) problems.Add(nameof(options.Secrets), $"lists {options.Secrets.Count} secrets", $"list 1 to {MaxSecrets}, each whsec_ and 32 random bytes in Base64, as `echo whsec_$(openssl rand -base64 32)` prints");
        for (int i = 0; i < options.Secrets.Count; i++)
            if (WebhookSigner.Key(options.Secrets[i]) is null) problems.Add($"{nameof(options.Secrets)}:{i}", "is not a secret", "use whsec_ and 24 to 64 random bytes in Base64, as `echo whsec_$(openssl rand -base64 32)` prints");
        return problems;
    }
}
