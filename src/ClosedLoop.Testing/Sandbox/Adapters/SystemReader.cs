using System.Net;
using System.Net.Http.Headers;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>Reads one system's API with its token.</summary>
internal sealed class SystemReader(HttpClient http, Uri address, string token, params string[] accepts)
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The body, or null when there is no such thing.</summary>
    /// <exception cref="HttpRequestException">The system could not be reached, or refused.</exception>
    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (string accept in accepts) request.Headers.Accept.ParseAdd(accept);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        if (response.Content.Headers.ContentLength > MaxBytes) throw new HttpRequestException($"The answer to {path} is larger than {MaxBytes} bytes.");
        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }
}
