using ClosedLoop.Adapters;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Intake;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Webhooks;

/// <summary>Takes one delivery: the raw body within the adapter's limit, the headers, the query; and answers what the receiver says.</summary>
internal sealed class WebhookEndpoint(IWebhookReceiver receiver, TimeProvider time)
{
    public const string SourceParameter = "source";

    public async ValueTask<Answer> ReceiveAsync(HttpContext context)
    {
        var request = context.Request;
        // Routes match whatever the case; adapters' names are lower-case.
        string source = ((string?)request.RouteValues[SourceParameter] ?? "").ToLowerInvariant();
        if (receiver.MaxBodyBytes(source) is not { } limit) return Problem.NotFound("No adapter of that name takes webhooks here; see the addresses in the configuration.");
        if (!HttpMethods.IsPost(request.Method)) return Problem.MethodNotAllowed("POST");
        var body = await BoundedBody.ReadAsync(context, limit).ConfigureAwait(false);
        if (body.Problem is not null) return body.Problem;
        if (body.IsTooLarge) return ToAnswer(receiver.RefuseTooLarge(source, request.ContentLength));
        var delivery = new WebhookDelivery
        {
            Source = source,
            Headers = ReadHeaders(request.Headers),
            Body = body.Bytes,
            ReceivedAt = time.GetUtcNow(),
            Query = request.QueryString.HasValue ? request.QueryString.Value![1..] : "",
        };
        return ToAnswer(await receiver.ReceiveAsync(delivery, context.RequestAborted).ConfigureAwait(false));
    }

    private static Answer ToAnswer(WebhookResult result)
    {
        if (result.StatusCode is >= 200 and < 300)
            return new JsonAnswer<WebhookAnswer>(result.StatusCode, new WebhookAnswer(Names.Of(result.Outcome), result.Detail), ApiJson.Default.WebhookAnswer);
        return result.Outcome switch
        {
            WebhookOutcome.Unauthorized => Problem.BadSignature(result.Detail),
            WebhookOutcome.TooLarge => Problem.TooLarge(result.Detail),
            WebhookOutcome.UnknownSource => Problem.NotFound(result.Detail),
            WebhookOutcome.Busy => Problem.Busy(result.Detail),
            _ => Problem.Malformed(result.StatusCode, result.Detail),
        };
    }

    private static Dictionary<string, string> ReadHeaders(IHeaderDictionary headers)
    {
        var copy = new Dictionary<string, string>(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers) copy[name] = values.ToString();
        return copy;
    }
}
