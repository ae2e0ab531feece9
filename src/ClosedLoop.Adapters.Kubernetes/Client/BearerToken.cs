using System.Net.Http.Headers;

namespace ClosedLoop.Adapters.Kubernetes.Client;

/// <summary>The token to show, read again from its file at least every minute: the kubelet rotates it. Safe from several threads.</summary>
internal sealed class BearerToken(string? token, string? file, TimeProvider time)
{
    /// <summary>How long a read token is used (wire.md 6.1).</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private const int MaxTokenBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private AuthenticationHeaderValue? _header = token is null ? null : Bearer(token);
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>Whether reading it again may bring another one.</summary>
    public bool IsFile => file is not null;

    public AuthenticationHeaderValue? Header
    {
        get
        {
            if (file is null) return _header;
            lock (_lock)
            {
                var now = time.GetUtcNow();
                if (now - _readAt < MaxAge && now >= _readAt) return _header;
                _readAt = now;
                return _header = Read() ?? _header;
            }
        }
    }

    /// <summary>The server refused it: read it again before the next request.</summary>
    public void Forget()
    {
        lock (_lock) _readAt = DateTimeOffset.MinValue;
    }

    // While the kubelet swaps the file, the token before it is still good.
    private AuthenticationHeaderValue? Read()
    {
        try
        {
            if (new FileInfo(file!) is not { Exists: true, Length: > 0 and <= MaxTokenBytes }) return null;
            string text = File.ReadAllText(file!).Trim();
            return text.Length == 0 || text.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c)) ? null : Bearer(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static AuthenticationHeaderValue Bearer(string text) => new("Bearer", text);
}
