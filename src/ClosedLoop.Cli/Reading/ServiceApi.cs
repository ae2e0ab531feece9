using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClosedLoop.Cli.Targets;

namespace ClosedLoop.Cli.Reading;

/// <summary>A service's API over HTTP; what goes wrong is said with what to do about it.</summary>
internal sealed class ServiceApi : IDisposable
{
    /// <summary>The largest answer that is taken: 64 MB.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    private readonly HttpClient _http;

    public ServiceApi(Target target)
    {
        Address = target.Url!;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = new Uri(Address, "api/"),
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = MaxBytes,
        };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (target.Token is { } token) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Address { get; }

    public async ValueTask<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await FindAsync(path, type, cancellationToken).ConfigureAwait(false) ?? throw new CommandFailure($"{Address}api/{Place(path)} is not there: is that the address of a ClosedLoop service? Its API is expected under api/.");

    /// <summary>Gets an answer; nothing when the service says that it does not exist.</summary>
    public async ValueTask<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound) return default;
        await RequireAsync(response, path, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, path, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a stream of events after one of them; null when the service has none, or none to spare.</summary>
    public async ValueTask<EventStream?> OpenStreamAsync(string path, long lastEventId, TimeProvider time, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Add("Last-Event-ID", lastEventId.ToString(CultureInfo.InvariantCulture));
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                var stream = new EventStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), time);
                response = null;
                return stream;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Whoever reads next is told what is wrong.
        }
        finally
        {
            response?.Dispose();
        }
        return null;
    }

    /// <summary>Posts JSON.</summary>
    /// <returns>Null when it was taken, else why not.</returns>
    public async ValueTask<string?> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return null;
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity) return await ProblemAsync(response, cancellationToken).ConfigureAwait(false);
        await RequireAsync(response, path, cancellationToken).ConfigureAwait(false);
        return null;
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new CommandFailure($"{Address} cannot be reached: {e.Message} Is the service running, and the address right?", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure($"{Address} did not answer within {_http.Timeout.TotalSeconds:0} s; try again, or look at the service.", e);
        }
        finally
        {
            request.Dispose();
        }
    }

    private async ValueTask RequireAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        throw new CommandFailure(response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => $"{Address} asks for a token, and {TargetOptions.TokenVariable} is not set or not known there. Set it to the token of a writer of its Api:Writers.",
            HttpStatusCode.NotFound => $"{Address}api/{Place(path)} is not there: is that the address of a ClosedLoop service?",
            HttpStatusCode.ServiceUnavailable => $"{Address} is busy or its store cannot be reached: {await ProblemAsync(response, cancellationToken).ConfigureAwait(false)} Try again soon.",
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => $"{Address} redirects to {response.Headers.Location}; give that address, if it is the service's.",
            _ => $"{Address}api/{Place(path)} answered {(int)response.StatusCode}: {await ProblemAsync(response, cancellationToken).ConfigureAwait(false)}",
        });
    }

    private async ValueTask<T> ReadAsync<T>(HttpResponseMessage response, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new CommandFailure($"{Address}api/{Place(path)} did not answer as the API of ClosedLoop does; is that its address?", e);
        }
    }

    private static async ValueTask<string> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            using var json = JsonDocument.Parse(bytes);
            foreach (string name in (ReadOnlySpan<string>)["detail", "title"])
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String)
                    return text.GetString()!;
        }
        catch (JsonException)
        {
            // A proxy's page says nothing that a person could act on.
        }
        return $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
    }

    private static string Place(string path) => path.Split('?')[0];
}
