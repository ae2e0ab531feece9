using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Posts incidents anywhere.</summary>
public static class WebhookAlertingBuilderExtensions
{
    /// <summary>Adds an address that takes incidents as JSON, signed as Standard Webhooks says.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddWebhook(this AlertingBuilder alerts, Action<IncidentWebhookOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new IncidentWebhookOptions();
        configure(options);
        return SinkRegistration.Add(alerts, options, WebhookOptionsRules.Check(SinkRegistration.Path("Webhook", options.Name), options), (services, post) => new IncidentWebhookSink(options, new SignedPost(options, post, services.GetRequiredService<TimeProvider>())));
    }

    /// <summary>
    /// Offers incidents over HTTP to an agent runtime before people are told, as JSON that is signed as Standard Webhooks says. It answers with 2xx, and in
    /// JSON <c>{"answer":"accepted","note":"…"}</c> or <c>"declined"</c>; without that it may answer later through the HTTP API.
    /// </summary>
    /// <param name="alerts">The builder.</param>
    /// <param name="configure">Which incidents are offered, and how long the agent has.</param>
    /// <param name="webhook">Where they are posted. <see cref="HttpSinkOptions.Name"/> is the hand-off's, and <see cref="TextSinkOptions.Render"/> is not used.</param>
    /// <exception cref="InvalidOperationException">An option of the hand-off is missing or wrong; the message names it and the fix.</exception>
    /// <exception cref="OptionsValidationException">An option of the webhook is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddWebhookHandOff(this AlertingBuilder alerts, Action<HandOffOptions> configure, Action<IncidentWebhookOptions> webhook)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(webhook);
        var handOff = new HandOffOptions();
        configure(handOff);
        var rule = handOff.Validate();
        var options = new IncidentWebhookOptions();
        webhook(options);
        options.Name = HandOffSink.NameOf(rule.Name);
        var problems = WebhookOptionsRules.Check($"Alerting:HandOffs:{rule.Name}", options);
        string client = SinkRegistration.AddClient(alerts, options, problems);
        return alerts.AddHandOff(rule, services =>
            new WebhookHandOff(new SignedPost(options, SinkRegistration.Post(services, client, problems.Path, options.Timeout), services.GetRequiredService<TimeProvider>())));
    }
}
