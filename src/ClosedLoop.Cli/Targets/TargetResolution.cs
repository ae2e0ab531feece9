using System.CommandLine;

namespace ClosedLoop.Cli.Targets;

/// <summary>Finds out which record is meant: options first, then variables, then the file that is usual.</summary>
internal static class TargetResolution
{
    public static Target Resolve(this TargetOptions options, ParseResult parsed, CliEnvironment environment, bool mayCreate = false)
    {
        string? store = Given(parsed.GetValue(options.Store)), url = Given(parsed.GetValue(options.Url));
        if (store is not null && url is not null) throw CommandFailure.Misuse("--store and --url name two records; give one of them.");
        var config = parsed.GetValue(options.Config) is { } file ? ConfigFile.Read(file) : null;
        if (url is not null && config is not null) throw CommandFailure.Misuse("--config describes a store; a service knows its own gates. Leave it out with --url.");
        if (store is null && url is null && config?.Store is { } configured) store = $"sqlite:{configured}";
        if (store is null && url is null)
        {
            (store, url) = (Given(environment.Variable(TargetOptions.StoreVariable)), Given(environment.Variable(TargetOptions.UrlVariable)));
            if (store is not null && url is not null) throw CommandFailure.Misuse($"{TargetOptions.StoreVariable} and {TargetOptions.UrlVariable} name two records; unset one, or give --store or --url.");
        }
        if (url is not null) return Service(url, Given(environment.Variable(TargetOptions.TokenVariable)));
        string usual = Path.Combine(environment.Folder, TargetOptions.DefaultFile);
        if (store is null && !File.Exists(usual))
            throw CommandFailure.Misuse($"Which record? There is no {TargetOptions.DefaultFile} in this folder: give --store sqlite:FILE, --store postgres:Host=…;Database=… or --url https://…/, or set {TargetOptions.StoreVariable} or {TargetOptions.UrlVariable}.");
        var address = store is null ? new StoreAddress(false, TargetOptions.DefaultFile) : StoreAddress.Parse(store);
        if (!address.IsPostgres)
        {
            address = address with { Value = Path.Combine(environment.Folder, address.Value) };
            if (!mayCreate && !File.Exists(address.Value)) throw new CommandFailure($"There is no file {address.Value}: name the file that the service writes (its option --store, or Store in its configuration).");
        }
        var target = new Target { Store = address };
        return config is null ? target : target with { Pipeline = config.Pipeline, PipelineOrigin = $"those of {parsed.GetValue(options.Config)}" };
    }

    private static Target Service(string url, string? token)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            throw CommandFailure.Misuse($"--url '{url}' is no address; write one such as https://closedloop.example/.");
        if (uri.UserInfo.Length > 0) throw CommandFailure.Misuse($"--url holds a user name or password, which others can see; put a token into {TargetOptions.TokenVariable}.");
        // A token that travels in the open is everybody's.
        if (token is not null && uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
            throw CommandFailure.Misuse($"{TargetOptions.TokenVariable} is not sent over http to another machine; use https, or unset it.");
        string path = uri.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/api", StringComparison.OrdinalIgnoreCase)) path = path[..^"/api".Length];
        return new Target { Url = new UriBuilder(uri) { Path = path + "/", Query = "", Fragment = "" }.Uri, Token = token };
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
