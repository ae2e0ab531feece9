using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>A sandbox whose world has come to its end, with what it sent.</summary>
internal sealed class SandboxRun : IAsyncDisposable
{
    /// <summary>So far in the future of any machine's load that reaching it is a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HookReceiver? _receiver;

    private SandboxRun(DeliverySandbox sandbox, HookReceiver? receiver) => (Sandbox, _receiver) = (sandbox, receiver);

    public DeliverySandbox Sandbox { get; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public IReadOnlyList<Hook> Hooks => _receiver?.Hooks ?? [];

    public static SandboxOptions Fast { get; } = new()
    {
        Seed = 7,
        Speed = 25,
        ItemsPerSecond = 5,
        GenerateFor = TimeSpan.FromSeconds(8),
        RollbackEvery = TimeSpan.FromSeconds(15),
        RevertEvery = TimeSpan.FromSeconds(5),
        DropRate = 0,
        DuplicateRate = 0,
        ReorderRate = 0,
    };

    /// <param name="options">What happens.</param>
    /// <param name="answer">What the receiver answers; null: there is no receiver, and no webhook is sent.</param>
    public static async Task<SandboxRun> FinishAsync(SandboxOptions options, Func<DeliverySandbox, Hook, int>? answer)
    {
        var sandbox = await DeliverySandbox.StartAsync(options, TimeProvider.System);
        var receiver = answer is null ? null : await HookReceiver.StartAsync(h => answer(sandbox, h));
        var run = new SandboxRun(sandbox, receiver);
        sandbox.Begin(receiver?.Target);
        await sandbox.Completion.WaitAsync(Patience);
        return run;
    }

    public Task<HttpResponseMessage> GetAsync(Uri system, string path, string token, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(system, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request);
    }

    public async Task<JsonElement> GetJsonAsync(Uri system, string path, string token, params (string Name, string Value)[] headers)
    {
        using var response = await GetAsync(system, path, token, headers);
        return await ReadAsync(response.EnsureSuccessStatusCode());
    }

    /// <summary>A token of the registry's token server, for one repository.</summary>
    public async Task<string> RegistryTokenAsync(string repository)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Sandbox.Addresses.Registry, $"token?service=sandbox&scope=repository:{repository}:pull"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Sandbox.Secrets.RegistryUser}:{Sandbox.Secrets.RegistryPassword}")));
        using var response = await Http.SendAsync(request);
        return (await ReadAsync(response.EnsureSuccessStatusCode())).GetProperty("token").GetString()!;
    }

    public async Task<JsonElement> GraphQlAsync(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Sandbox.Addresses.GitHub, "graphql"))
        {
            Content = new StringContent(JsonSerializer.Serialize(new Dictionary<string, string> { ["query"] = query }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Sandbox.Secrets.GitHubToken);
        using var response = await Http.SendAsync(request);
        return await ReadAsync(response.EnsureSuccessStatusCode());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Sandbox.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }
}
