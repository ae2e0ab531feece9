using System.Net.Http.Headers;
using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Client;

/// <summary>Reads and changes objects of the API server. Nothing that it answers is thrown; a refused token is read again once.</summary>
internal sealed class KubernetesClient
{
    /// <summary>Objects in one page, as kubectl asks.</summary>
    public const int PageSize = 500;

    private const int Gone = 410;
    private const int Unauthorized = 401;
    private const int MaxRestarts = 2;
    private const int MaxPages = 200;
    private const int MaxAnswerBytes = 32 * 1024 * 1024;

    private readonly SourceClient _source;
    private readonly BearerToken _token;
    private readonly HttpClient _http;

    public KubernetesClient(ClusterAccess access, TimeSpan requestTimeout, HttpClient http, TimeProvider time)
    {
        _http = http;
        _token = new BearerToken(access.Token, access.TokenFile, time);
        _source = new SourceClient("the API server", access.Server, http, time)
        {
            MaxAnswerBytes = MaxAnswerBytes,
            RequestTimeout = requestTimeout,
            Prepare = request =>
            {
                request.Headers.Authorization = _token.Header;
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            },
        };
    }

    /// <summary>Sends one request; when the token is refused and lies in a file, once more with what the file holds now.</summary>
    public async ValueTask<SourceAnswer?> SendAsync(HttpMethod method, string path, Func<HttpContent>? content, CallCounter calls, CancellationToken cancellationToken)
    {
        if (!calls.TryTake()) return null;
        var answer = await _source.SendAsync(method, path, Prepare, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != Unauthorized || !_token.IsFile || !calls.TryTake()) return answer;
        _token.Forget();
        return await _source.SendAsync(method, path, Prepare, cancellationToken).ConfigureAwait(false);

        void Prepare(HttpRequestMessage request) => request.Content = content?.Invoke();
    }

    /// <summary>Reads a collection to its end. An expired page (410) begins it anew: half of one state and half of another is no state.</summary>
    /// <param name="path">The collection's path below the server's address.</param>
    /// <param name="selector">A label selector, or null.</param>
    /// <param name="calls">What may be taken.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<ObjectList> ListAsync(string path, string? selector, CallCounter calls, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        string? next = null;
        int restarts = 0;
        for (int page = 0; page < MaxPages; page++)
        {
            string query = $"{path}?limit={PageSize}{(selector is null ? "" : $"&labelSelector={Uri.EscapeDataString(selector)}")}{(next is null ? "" : $"&continue={Uri.EscapeDataString(next)}")}";
            if (await SendAsync(HttpMethod.Get, query, null, calls, cancellationToken).ConfigureAwait(false) is not { } answer) return new ObjectList { IsOutOfAllowance = true };
            if (answer.StatusCode == Gone && next is not null && restarts++ < MaxRestarts)
            {
                items.Clear();
                next = null;
                continue;
            }
            if (answer.Kind != SourceAnswerKind.Found) return new ObjectList { Failure = Explained(answer, path) };
            if (Parse(answer.Body) is not { } json || json.Member("items") is not { ValueKind: JsonValueKind.Array or JsonValueKind.Null } && json.Text("kind")?.EndsWith("List", StringComparison.Ordinal) != true)
                return new ObjectList { Failure = Failed("answered with something else than a list, as a login page or proxy does; check Kubernetes:Server") };
            items.AddRange(json.Elements("items"));
            next = json.Text("metadata", "continue");
            if (string.IsNullOrEmpty(next)) return new ObjectList { Items = items, ResourceVersion = json.Text("metadata", "resourceVersion"), ServerTime = answer.Headers?.Date };
        }
        return new ObjectList { Failure = Failed($"has a list of more than {MaxPages} pages; set Kubernetes:Namespaces:n:LabelSelector") };
    }

    /// <summary>Reads only the present version of a collection, from which a watch begins.</summary>
    public async ValueTask<ObjectList> HeadAsync(string path, string? selector, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, $"{path}?limit=1{(selector is null ? "" : $"&labelSelector={Uri.EscapeDataString(selector)}")}", null, new CallCounter(2), cancellationToken).ConfigureAwait(false);
        if (answer is not { Kind: SourceAnswerKind.Found }) return new ObjectList { Failure = answer is null ? null : Explained(answer, path) };
        string? version = Parse(answer.Body)?.Text("metadata", "resourceVersion");
        return version is { Length: > 0 } ? new ObjectList { ResourceVersion = version } : new ObjectList { Failure = Failed("answered with something else than a list; check Kubernetes:Server") };
    }

    /// <summary>Opens an answer that does not end soon; the caller reads and disposes it.</summary>
    public async ValueTask<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_source.Address, path));
        request.Headers.Authorization = _token.Header;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if ((int)response.StatusCode == Unauthorized) _token.Forget();
        return response;
    }

    /// <summary>Parses an answer; null when it is no JSON object.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            var json = JsonElement.ParseValue(ref reader);
            return json.ValueKind == JsonValueKind.Object ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SourceAnswer Explained(SourceAnswer answer, string path) => answer.Kind switch
    {
        SourceAnswerKind.Forbidden => answer with { Detail = $"the API server does not let this user list {path} (HTTP 403); give it the Role of the adapter's README in that namespace" },
        SourceAnswerKind.Missing => answer with { Kind = SourceAnswerKind.Unreachable, Detail = $"the API server has no {path} (HTTP {answer.StatusCode}); check Kubernetes:Server" },
        SourceAnswerKind.Unchanged => answer with { Kind = SourceAnswerKind.Unreachable, Detail = "the API server answered 304 to an unconditional request; check what stands in front of it" },
        _ => answer,
    };

    private static SourceAnswer Failed(string what) => new() { Kind = SourceAnswerKind.Unreachable, Detail = $"the API server {what}" };
}
