using System.Globalization;
using SeerMoe.Experts;
using SeerMoe.Safetensors;
using SeerMoe.Saving;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Torch.Calibration;

/// <summary>
/// A streamed count between two layers: a wave is a million tokens in every layer, too much to be done again.
/// <code>
/// wave/through.safetensors   statistics of the layers that the wave is through, its tokens included
/// wave/ahead.safetensors     statistics of the others: what earlier waves counted
/// wave/hidden.safetensors    pass.0, pass.1, ...: what goes into the next layer
/// </code>
/// </summary>
/// <param name="save">Of the count.</param>
/// <param name="before">Everything before the wave; its layers are those that are being counted.</param>
/// <param name="tokens">Real tokens of the wave.</param>
internal sealed class SavedWave(SavePoint save, ExpertStatistics before, long tokens)
{
    private const string Through = "through.safetensors";
    private const string Ahead = "ahead.safetensors";
    private const string Hidden = "hidden.safetensors";
    private const string Layer = "layer";
    private const string SequencesBefore = "sequences_before";

    private string Folder => save.PathOf("wave");

    /// <summary>Keeps the wave as it is between two layers, unless the last time is too recent.</summary>
    public void SaveIfDue(Wave wave)
    {
        if (before.Layers[0].Layer < wave.Layer)
        {
            save.SaveIfDue(() => Write(wave));
        }
    }

    /// <summary>Puts the wave, not begun yet, where an earlier process had come with it.</summary>
    /// <returns>The layers' statistics then; null where nothing of this wave was kept.</returns>
    public LayerStatistics[]? Restore(Wave wave, MoeTransformer model)
    {
        if (!Directory.Exists(Folder))
        {
            return null;
        }

        using var hidden = SafetensorsFile.Open(Path.Combine(Folder, Hidden));
        if (Number(hidden, SequencesBefore) != before.Sequences || hidden.Header.Tensors.Length != wave.Passes.Count)
        {
            return null;
        }

        for (var pass = 0; pass < wave.Passes.Count; pass++)
        {
            var view = hidden.Tensor(NameOf(pass));
            wave.Hidden.Put(pass, TensorBytes.Load(view, view.Spec.DType.ToTorch(view.Spec.Name), model.Device));
            MappedPages.Release(view);
        }

        wave.Layer = (int)Number(hidden, Layer);
        return [.. Read(Through), .. Read(Ahead)];
    }

    private void Write(Wave wave)
    {
        var partial = Folder + ".partial";
        Delete(partial);
        Directory.CreateDirectory(partial);
        WriteStatistics(Path.Combine(partial, Through), before with { Tokens = before.Tokens + tokens }, layer => layer.Layer < wave.Layer);
        WriteStatistics(Path.Combine(partial, Ahead), before, layer => layer.Layer >= wave.Layer);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Layer] = wave.Layer.ToString(CultureInfo.InvariantCulture),
            [SequencesBefore] = before.Sequences.ToString(CultureInfo.InvariantCulture),
        };
        TensorSpec[] specs = [.. wave.Hidden.Shapes.Select((x, pass) => new TensorSpec(NameOf(pass), x.Type.ToSafetensors(), [.. x.Shape]))];
        using (var writer = SafetensorsWriter.Create(Path.Combine(partial, Hidden), specs, metadata))
        {
            for (var pass = 0; pass < specs.Length; pass++)
            {
                var x = wave.Hidden.Take(pass);
                TensorBytes.Write(x, specs[pass].DType, writer);
                wave.Hidden.Put(pass, x);
            }

            writer.Complete();
        }

        Delete(Folder); // a process that is killed here has the last whole wave left
        Directory.Move(partial, Folder);
    }

    private IEnumerable<LayerStatistics> Read(string name) =>
        Path.Combine(Folder, name) is var path && File.Exists(path) ? StatisticsFile.Read(path).Layers : [];

    private static void WriteStatistics(string path, ExpertStatistics all, Func<LayerStatistics, bool> isIn)
    {
        if (all.Layers.Any(isIn))
        {
            StatisticsFile.WriteTensors(path, all with { Layers = [.. all.Layers.Where(isIn)] });
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string NameOf(int pass) => $"pass.{pass}";

    private static long Number(SafetensorsFile file, string key) => long.Parse(file.Header.Metadata[key], CultureInfo.InvariantCulture);
}
