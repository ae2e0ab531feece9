using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClosedLoop.AspNetCore.Tests.OpenApi;

/// <summary>Compares every answer of the API that any test gets with the document: its status, its media type and its JSON.</summary>
internal sealed class DocumentedAnswers(Func<string> document) : DelegatingHandler
{
    private const string Prefix = "/api";

    private JsonElement? _document;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        string path = request.RequestUri!.IsAbsoluteUri ? request.RequestUri.AbsolutePath : request.RequestUri.OriginalString.Split('?')[0];
        if (path.StartsWith(Prefix + "/", StringComparison.Ordinal) && request.Method != HttpMethod.Head) await CheckAsync(request.Method, path[Prefix.Length..], response);
        return response;
    }

    private async Task CheckAsync(HttpMethod method, string path, HttpResponseMessage response)
    {
        var root = _document ??= JsonDocument.Parse(document()).RootElement;
        var shape = new JsonShape(root);
        int status = (int)response.StatusCode;
        // A request that routing or the server itself refused has no operation.
        if (status is 404 or 405 && Operation(root, method, path) is null) return;
        var operation = Operation(root, method, path) ?? throw new InvalidOperationException($"{method} {path} is not in the document");
        Assert.True(operation.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var documented), $"{method} {path}: the status {status} is not in the document");
        if (status == 304) return;
        string type = response.Content.Headers.ContentType!.MediaType!;
        Assert.True(shape.Resolve(documented).GetProperty("content").TryGetProperty(type, out var media), $"{method} {path}: {status} is {type}, which is not in the document");
        if (!type.EndsWith("json", StringComparison.Ordinal) || path == "/openapi.json") return;
        await response.Content.LoadIntoBufferAsync();
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(shape.Differences(json.RootElement, media.GetProperty("schema")));
    }

    private static JsonElement? Operation(JsonElement root, HttpMethod method, string path)
    {
        foreach (var candidate in root.GetProperty("paths").EnumerateObject().OrderBy(static p => p.Name.Count(static c => c == '{')))
        {
            string pattern = "^" + Regex.Replace(Regex.Escape(candidate.Name).Replace("\\{", "{", StringComparison.Ordinal), @"\{\w+\}", "[^/]+") + "/?$";
            if (Regex.IsMatch(path, pattern) && candidate.Value.TryGetProperty(method.Method.ToLowerInvariant(), out var operation)) return operation;
        }
        return null;
    }
}
