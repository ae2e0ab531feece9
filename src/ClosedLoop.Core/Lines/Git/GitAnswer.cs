using System.Text;

namespace ClosedLoop.Lines.Git;

/// <summary>What a git command answered.</summary>
internal readonly record struct GitAnswer(int Code, ReadOnlyMemory<byte> Output, string Error)
{
    public bool Succeeded => Code == 0;

    /// <summary>The output as text, without the line end.</summary>
    public string Text => Encoding.UTF8.GetString(Output.Span).TrimEnd('\n', '\r');

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
