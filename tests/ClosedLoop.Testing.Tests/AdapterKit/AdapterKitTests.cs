using System.Net;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Adapters;
using ClosedLoop.Testing.Conformance;
using CustomAdapter.Tests;

namespace ClosedLoop.Testing.Tests.AdapterKit;

/// <summary>The kit sees what it is there to see: each defect makes just the cases fail that it should.</summary>
public sealed class AdapterKitTests
{
    public static TheoryData<string, string[]> Defects => new()
    {
        { nameof(Defect.TrustsAnybody), ["a delivery without its signature, or with an empty one, is not authentic", "a delivery whose body was changed is not authentic, where bodies are signed"] },
        { nameof(Defect.TrustsNobody), ["every delivery of the story is authentic and says something"] },
        { nameof(Defect.OrdersByArrival), ["a delivery translates to the same facts each time, whenever it is received"] },
        { nameof(Defect.SpeaksForAnother), ["each fact is of a writer that the adapter may speak for, and its gate accepts it"] },
        { nameof(Defect.ThrowsOnNews), ["changed values and broken bytes are facts, ignored or malformed, and never an exception", "bodies that are nothing at all are malformed or ignored"] },
        { nameof(Defect.TellsItsSecret), ["no secret shows in facts, details or diagnostics"] },
        { nameof(Defect.LooksDifferently), ["with every webhook lost a look alone says the same"] },
        { nameof(Defect.LooksBeforeItsTime), ["a look among the deliveries changes nothing of how it ends"] },
        { nameof(Defect.ThrowsWhenAway), ["a source that cannot be reached is a result, and no fact"] },
        { nameof(Defect.CallsAwayReached), ["a source that cannot be reached is a result, and no fact", "a source that limits the rate is asked again when it said"] },
        { nameof(Defect.PassesOnNothing), ["answers that are no answers bring no fact"] },
        { nameof(Defect.FollowsRedirects), ["a redirect to another host gets no request"] },
        { nameof(Defect.IgnoresAllowance), ["a look stays within its allowance"] },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task A_defect_is_seen(string defect, string[] cases)
    {
        var example = Broken(Enum.Parse<Defect>(defect));
        foreach (string name in cases)
            await Assert.ThrowsAsync<ConformanceException>(() => AdapterConformance.Find(name).Run(example));
    }

    [Fact]
    public async Task An_adapter_that_only_polls_or_only_listens_passes_what_is_left()
    {
        var whole = ScannerExample.Create();
        var listening = new AdapterExample { Create = whole.Create, Deliveries = whole.Deliveries, Pipeline = whole.Pipeline, Secrets = whole.Secrets };
        var polling = new AdapterExample { Create = whole.Create, Record = whole.Record, Look = whole.Look, Pipeline = whole.Pipeline, Secrets = whole.Secrets };
        foreach (var conformance in AdapterConformance.Cases)
        {
            await conformance.Run(listening);
            await conformance.Run(polling);
        }
    }

    private enum Defect
    {
        TrustsAnybody,
        TrustsNobody,
        OrdersByArrival,
        SpeaksForAnother,
        ThrowsOnNews,
        TellsItsSecret,
        LooksDifferently,
        LooksBeforeItsTime,
        ThrowsWhenAway,
        CallsAwayReached,
        PassesOnNothing,
        FollowsRedirects,
        IgnoresAllowance,
    }

    private static AdapterExample Broken(Defect defect)
    {
        var whole = ScannerExample.Create();
        return new AdapterExample
        {
            Create = handler => With(whole.Create(defect == Defect.FollowsRedirects ? new Follower(handler) : handler), defect, whole.Secrets.First()),
            Deliveries = whole.Deliveries,
            Record = whole.Record,
            Look = whole.Look,
            Pipeline = whole.Pipeline,
            Secrets = whole.Secrets,
        };
    }

    private static AdapterRegistration With(AdapterRegistration adapter, Defect defect, string secret) => new()
    {
        Name = adapter.Name,
        Writers = adapter.Writers,
        Gates = adapter.Gates,
        Authenticator = defect is Defect.TrustsAnybody or Defect.TrustsNobody ? new Trusting(defect == Defect.TrustsAnybody) : adapter.Authenticator,
        Translator = new BrokenTranslator(adapter.Translator!, defect, secret),
        Probe = new BrokenProbe(adapter.Probe!, defect),
        ProbeSchemes = adapter.ProbeSchemes,
    };

    private sealed class Trusting(bool anybody) : IWebhookAuthenticator
    {
        public bool IsAuthentic(in WebhookDelivery delivery) => anybody;
    }

    private sealed class BrokenTranslator(IWebhookTranslator inner, Defect defect, string secret) : IWebhookTranslator
    {
        public Translation Translate(in WebhookDelivery delivery)
        {
            var translation = inner.Translate(delivery);
            if (defect == Defect.ThrowsOnNews && translation.Outcome == TranslationOutcome.Malformed) throw new KeyNotFoundException("verdict");
            if (translation.Outcome != TranslationOutcome.Facts) return translation;
            var at = delivery.ReceivedAt;
            return Translation.Of(translation.Event, translation.Facts.Select(f => defect switch
            {
                Defect.OrdersByArrival => f with { Ordinal = Ordinal.At(at) },
                Defect.SpeaksForAnother => f with { Writer = new Writer(WriterRoles.SourceControl, "github") },
                Defect.TellsItsSecret => f with { Detail = "read with " + secret },
                _ => f,
            })) with { DeliveryId = translation.DeliveryId };
        }
    }

    private sealed class BrokenProbe(IProbe inner, Defect defect) : IProbe
    {
        public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
        {
            var result = await inner.ProbeAsync(defect == Defect.IgnoresAllowance ? batch with { Allowance = int.MaxValue } : batch, cancellationToken);
            return defect switch
            {
                Defect.LooksDifferently => result with { Facts = [.. result.Facts.Select(static f => f with { Status = GateStatus.Running })] },
                // An ordinal that depends on what was read before: not the source's own.
                Defect.LooksBeforeItsTime => result with { Facts = [.. result.Facts.Select(f => f with { Detail = $"look {_looks++}", Ordinal = new Ordinal(99) })] },
                Defect.ThrowsWhenAway when result.Outcome == ProbeOutcome.Unreachable => throw new HttpRequestException(HttpRequestError.ConnectionError, "away", null, HttpStatusCode.BadGateway),
                Defect.CallsAwayReached => result with { Outcome = ProbeOutcome.Reached },
                Defect.PassesOnNothing when result.Facts.IsEmpty => result with { Facts = [new Fact { Subject = Key.Create("scan", "none"), Kind = "security-scan", Writer = new Writer(WriterRoles.Ci, "scanner"), Ordinal = default, OccurredAt = batch.At, Status = GateStatus.Passed }] },
                _ => result,
            };
        }

        private static int _looks;
    }

    private sealed class Follower(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            return response.Headers.Location is { } location ? await base.SendAsync(new HttpRequestMessage(HttpMethod.Get, location), cancellationToken) : response;
        }
    }
}
