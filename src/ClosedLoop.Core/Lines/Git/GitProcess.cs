using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>One run of the git program, shielded from the caller's environment.</summary>
internal sealed class GitProcess : IDisposable
{
    private const int MaxErrorChars = 2000;

    // Set by git itself inside hooks and aliases, or by people: they would point the reading at another repository than the one asked
    // for, or change what it shows.
    private static readonly string[] Foreign =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_TRACE",
        "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_ATTR_SOURCE",
        "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_DEFAULT_HASH",
    ];

    private readonly Process _process;
    private readonly Task<string> _error;

    private GitProcess(Process process)
    {
        _process = process;
        _error = ReadErrorAsync(process.StandardError);
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Where input goes; only of a process that was started to take some. Close it to say that it is all.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Starts git without input.</summary>
    public static GitProcess Start(GitProgram program, string path, params ReadOnlySpan<string> arguments) => Start(program, path, arguments, null, takesInput: false);

    /// <summary>Starts git.</summary>
    /// <param name="program">The program.</param>
    /// <param name="path">The folder it runs in.</param>
    /// <param name="arguments">Its arguments; no shell sees them.</param>
    /// <param name="environment">Variables to set besides those that are always set; may be null.</param>
    /// <param name="takesInput">Whether the caller writes to <see cref="Input"/>.</param>
    public static GitProcess Start(
        GitProgram program, string path, ReadOnlySpan<string> arguments, IReadOnlyDictionary<string, string>? environment, bool takesInput)
    {
        var start = new ProcessStartInfo(program.Executable)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("-C");
        start.ArgumentList.Add(path);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (string name in Foreign) start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        if (environment is not null)
            foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start) ?? throw new GitHistoryException($"The git program '{program.Executable}' did not start; install git, or set {program.OptionPath}.");
            if (!takesInput) process.StandardInput.Close();
            return new GitProcess(process);
        }
        catch (Win32Exception e)
        {
            throw new GitHistoryException($"The git program '{program.Executable}' cannot be started; install git, or set {program.OptionPath}.", e);
        }
    }

    /// <summary>Runs git to its end and returns its output, which must be short.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(GitProgram program, string path, CancellationToken cancellationToken, params string[] arguments)
    {
        using var git = Start(program, path, arguments);
        string output = await git._process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        var (code, error) = await git.ExitAsync(cancellationToken).ConfigureAwait(false);
        return (code, output.TrimEnd('\n', '\r'), error);
    }

    public async Task<(int Code, string Error)> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return (_process.ExitCode, await _error.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    public void Dispose()
    {
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }
        _process.Dispose();
    }

    // Drained to the end, since a full pipe would stop git; only the beginning is kept.
    private static async Task<string> ReadErrorAsync(StreamReader reader)
    {
        var kept = new StringBuilder();
        char[] buffer = new char[1024];
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
                kept.Append(buffer, 0, Math.Min(read, MaxErrorChars - kept.Length));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process was killed: its reason is known to the one who killed it.
        }
        return kept.ToString().ReplaceLineEndings(" ").Trim();
    }
}
