namespace ClosedLoop.Lines.Git;

/// <summary>The git program to run.</summary>
/// <param name="Executable">Its name on the path, or its path.</param>
/// <param name="OptionPath">The option that names it, for messages.</param>
internal readonly record struct GitProgram(string Executable, string OptionPath);
