using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Adapters.CDEvents.Incoming;

namespace ClosedLoop.Adapters.CDEvents.Outgoing;

/// <summary>Posts events to the configured address. Failures are results; their details name the host and nothing else of the address.</summary>
internal sealed class EventPost(CDEventsSinkOptions options, HttpClient http, TimeProvider time)
{
    private readonly byte[]? _secret = options.Secret is { } secret ? Encoding.UTF8.GetBytes(secret) : null;

    public async ValueTask<(PostOutcome Outcome, string Detail)> SendAsync(OutgoingEvent sent, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        string host = options.Address!.Host;
        try
        {
            using var request = Request(sent);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            int code = (int)response.StatusCode;
            if (response.IsSuccessStatusCode) return (PostOutcome.Taken, "");
            // Anything else can be the configuration of either side, which somebody may mend.
            return (code is 400 or 413 or 415 or 422 ? PostOutcome.Rejected : PostOutcome.Failed, $"{host} answered {code}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (PostOutcome.Failed, $"{host} did not answer within {options.Timeout.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException e)
        {
            return (PostOutcome.Failed, $"{host} cannot be reached ({e.HttpRequestError})");
        }
        catch (IOException)
        {
            return (PostOutcome.Failed, $"{host} broke off its answer");
        }
    }

    private HttpRequestMessage Request(OutgoingEvent sent)
    {
        bool structured = options.Mode == CloudEventsMode.Structured;
        byte[] body = structured ? EventWriter.Structured(sent) : sent.Body;
        var request = new HttpRequestMessage(HttpMethod.Post, options.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(structured ? "application/cloudevents+json" : "application/json") { CharSet = "utf-8" };
        if (!structured)
        {
            request.Headers.Add("ce-specversion", "1.0");
            foreach (var (name, value) in new[] { ("ce-id", sent.Id), ("ce-source", sent.Source), ("ce-type", sent.Type), ("ce-subject", sent.Subject), ("ce-time", sent.Time) })
                request.Headers.TryAddWithoutValidation(name, Encoded(value));
        }
        if (options.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (_secret is not null) request.Headers.Add(SecretCheck.SignatureHeader, SecretCheck.SignaturePrefix + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, body)));
        return request;
    }

    /// <summary>As the HTTP binding of CloudEvents encodes attributes: what is not printable ASCII, and space, '"' and '%'.</summary>
    internal static string Encoded(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            if (b is > 0x20 and < 0x7F and not ((byte)'"' or (byte)'%')) text.Append((char)b);
            else text.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return text.ToString();
    }
}
