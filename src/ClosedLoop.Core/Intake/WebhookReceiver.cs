using System.Diagnostics;
using System.Security.Cryptography;
using ClosedLoop.Adapters;
using ClosedLoop.Diagnostics;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Intake;

internal sealed partial class WebhookReceiver(EngineStart start, AdapterCatalog adapters, IIntake intake, LoopMetrics metrics, ILogger<WebhookReceiver> logger) : IWebhookReceiver
{
    public int? MaxBodyBytes(string source) => adapters.Find(source) is { Translator: not null } adapter ? adapter.MaxBodyBytes : null;

    public WebhookResult RefuseTooLarge(string source, long? length)
    {
        if (adapters.Find(source) is not { Translator: not null } adapter) return UnknownSource;
        string size = length is { } bytes ? $"has {bytes} bytes" : "is too large";
        return Count(adapter, "", new WebhookResult(WebhookOutcome.TooLarge, 413, $"The body {size}; {adapter.Name} takes at most {adapter.MaxBodyBytes} bytes."));
    }

    public async ValueTask<WebhookResult> ReceiveAsync(WebhookDelivery delivery, CancellationToken cancellationToken = default)
    {
        if (adapters.Find(delivery.Source) is not { Translator: { } translator, Authenticator: { } authenticator } adapter)
            return UnknownSource;
        using var activity = LoopActivities.Webhook(adapter.Name);
        if (delivery.Body.Length > adapter.MaxBodyBytes) return RefuseTooLarge(delivery.Source, delivery.Body.Length);
        if (!authenticator.IsAuthentic(delivery))
            return Count(adapter, "", new WebhookResult(WebhookOutcome.Unauthorized, 401, "The signature or token is missing or wrong; compare the secret on both sides."));
        var translation = Translate(translator, delivery);
        if (translation.Diagnostics.Length > 0)
        {
            metrics.Diagnostic(adapter.Name, translation.Diagnostics.Length);
            foreach (string diagnostic in translation.Diagnostics) LogDiagnostic(logger, adapter.Name, translation.Event, diagnostic);
        }
        if (translation.Outcome == TranslationOutcome.Ignored)
            return Count(adapter, translation.Event, new WebhookResult(WebhookOutcome.Ignored, 202, translation.Detail ?? "ignored"));
        return Count(adapter, translation.Event, Answer(adapter, translation, await SubmitAsync(ToSubmission(adapter, delivery, translation), cancellationToken).ConfigureAwait(false)));
    }

    private static WebhookResult UnknownSource => new(WebhookOutcome.UnknownSource, 404, "No adapter of that name takes webhooks here; see the addresses in the configuration.");

    // A delivery may come in before the host has prepared the store, or while the store cannot be prepared.
    private async ValueTask<SubmissionResult> SubmitAsync(Submission submission, CancellationToken cancellationToken)
    {
        try
        {
            await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
            return await intake.SubmitAsync(submission, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException exception)
        {
            return new SubmissionResult { Outcome = SubmissionOutcome.Busy, Detail = exception.Message };
        }
    }

    private static WebhookResult Answer(AdapterRegistration adapter, Translation translation, SubmissionResult result) => result.Outcome switch
    {
        SubmissionOutcome.Busy => new WebhookResult(WebhookOutcome.Busy, 503, result.Detail ?? "busy; send it again"),
        _ when translation.Outcome == TranslationOutcome.Malformed =>
            new WebhookResult(WebhookOutcome.Malformed, adapter.MalformedStatusCode, translation.Detail ?? "the body is not what its sender's contract says"),
        SubmissionOutcome.Duplicate => new WebhookResult(WebhookOutcome.Duplicate, 200, "taken before"),
        // It is kept aside and answered with success: sending it again would bring the same.
        SubmissionOutcome.Quarantined => new WebhookResult(WebhookOutcome.Malformed, 202, "kept aside: it could not be applied"),
        _ => new WebhookResult(WebhookOutcome.Accepted, 202, "recorded"),
    };

    private Translation Translate(IWebhookTranslator translator, in WebhookDelivery delivery)
    {
        try
        {
            return translator.Translate(delivery);
        }
        catch (Exception exception)
        {
            LogTranslator(logger, exception, delivery.Source);
            return Translation.Malformed("", $"the body could not be read ({exception.GetType().Name})");
        }
    }

    private static Submission ToSubmission(AdapterRegistration adapter, in WebhookDelivery delivery, Translation translation)
    {
        bool malformed = translation.Outcome == TranslationOutcome.Malformed;
        // Only where it is needed: as long as a signature takes for a body of 20 KB.
        string? digest = malformed || translation.DeliveryId is null ? Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span)) : null;
        return new Submission
        {
            Source = adapter.Name,
            ReceivedAt = delivery.ReceivedAt,
            // A malformed delivery is not taken: sent again to a version that understands it, it counts.
            DeliveryId = malformed ? null : translation.DeliveryId ?? digest,
            Facts = translation.Facts,
            History = translation.History,
            Hints = translation.Hints,
            Writers = adapter.Writers,
            Body = delivery.Body,
            Quarantine = malformed
                ? [new QuarantineEntry { Id = $"{adapter.Name}-{digest}", Source = adapter.Name, Kind = QuarantineKind.Malformed, Detail = $"{translation.Event}: {translation.Detail}", Body = delivery.Body, ReceivedAt = delivery.ReceivedAt }]
                : [],
        };
    }

    private WebhookResult Count(AdapterRegistration adapter, string @event, WebhookResult result)
    {
        metrics.Delivered(adapter.Name, @event, result.Outcome);
        if (Activity.Current is { } activity && activity.Source == LoopActivities.Source) activity.SetTag("closedloop.event", @event).SetTag("closedloop.outcome", result.Outcome.ToString());
        if (result.Outcome is WebhookOutcome.Unauthorized or WebhookOutcome.TooLarge or WebhookOutcome.Malformed) LogRefused(logger, adapter.Name, @event, result.Outcome, result.Detail);
        return result;
    }

    [LoggerMessage(10, LogLevel.Warning, "{Source} {Event}: {Diagnostic}")]
    private static partial void LogDiagnostic(ILogger logger, string source, string @event, string diagnostic);

    [LoggerMessage(11, LogLevel.Error, "The translator of {Source} failed on an authentic delivery; it is kept aside")]
    private static partial void LogTranslator(ILogger logger, Exception exception, string source);

    [LoggerMessage(12, LogLevel.Warning, "{Source} {Event}: {Outcome}: {Detail}")]
    private static partial void LogRefused(ILogger logger, string source, string @event, WebhookOutcome outcome, string detail);
}
