using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClosedLoop.Adapters;

namespace ClosedLoop.Outbox;

/// <summary>Posts notifications as JSON to a configured address.</summary>
internal sealed class WebhookSink : INotificationSink, IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly byte[]? _secret;

    public WebhookSink(WebhookSinkOptions options, HttpMessageHandler? handler = null)
    {
        if (options.Address is not { IsAbsoluteUri: true } address || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new InvalidOperationException($"Sinks:{options.Name}:Address is '{options.Address}'; set an absolute http(s) address.");
        if (options.Timeout <= TimeSpan.Zero)
            throw new InvalidOperationException($"Sinks:{options.Name}:Timeout is {options.Timeout}; set a positive time such as 00:00:10.");
        Name = options.Name;
        _address = address;
        _secret = string.IsNullOrEmpty(options.Secret) ? null : Encoding.UTF8.GetBytes(options.Secret);
        _http = new HttpClient(handler ?? SourceClient.CreateHandler()) { Timeout = options.Timeout };
    }

    public string Name { get; }

    public async ValueTask DeliverAsync(Notification notification, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(notification, NotificationJsonContext.Default.Notification);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Idempotency-Key", HeaderText(notification.IdempotencyKey));
        if (_secret is not null) request.Headers.Add("X-ClosedLoop-Signature", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(_secret, body))}");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        // The host only: of a chat's incoming webhook the path is the secret.
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"Sinks:{Name}: {_address.Host} answered {(int)response.StatusCode}.", null, response.StatusCode);
    }

    public void Dispose() => _http.Dispose();

    // Headers hold ASCII only, and an item's id may be written in any script.
    private static string HeaderText(string text) => Ascii.IsValid(text) ? text : string.Concat(text.EnumerateRunes().Select(static r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));
}
