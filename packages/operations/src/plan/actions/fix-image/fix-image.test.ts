import { describe, expect, it } from 'vitest';
import {
  ref,
  remediesOf,
  rollOut,
  unknownImage,
  workload,
  workloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { fixImage } from './fix-image.ts';
import { nearImage } from './near-image.ts';

describe('nearImage', () => {
  it.each([
    ['eu.gcr.io/p/Web:1.2.0', 'eu.gcr.io/p/web:1.2.0'],
    ['https://eu.gcr.io/p/web:1.2.0', 'eu.gcr.io/p/web:1.2.0'],
    ['eu.gcr.io/p/web:v1.2.0', 'eu.gcr.io/p/web:1.2.0'],
    ['eu.gcr.io/p/wbe:1.2.0', 'eu.gcr.io/p/web:1.2.0'],
    ['eu.gcr.io/p/web:latset', 'eu.gcr.io/p/web:latest'],
  ])('reads %s as %s', (wrong, meant) => {
    expect(nearImage(wrong, ['eu.gcr.io/p/web:1.2.0', 'eu.gcr.io/p/web:latest', 'eu.gcr.io/p/db:1.2.0'])?.image).toBe(
      meant,
    );
  });

  it('takes no version for another one', () => {
    expect(nearImage('eu.gcr.io/p/web:1.2.4', ['eu.gcr.io/p/web:1.2.0'])).toBeUndefined();
  });

  it('knows ports of registries from tags', () => {
    expect(nearImage('localhost:5000/wbe', ['localhost:5000/web'])?.image).toBeUndefined();
  });
});

describe('fix-image', () => {
  it('names the image that another workload runs', () => {
    const wrong = 'registry.example.com/wbe:1.0.0';
    const scene = workloadScene(workload('Deployment', 'web'), workload('Deployment', 'copy'));
    unknownImage(scene, wrong);
    rollOut(scene, ref('Deployment', 'copy'), { container: { image: wrong } });
    scene.wait(20);
    const [remedy] = remediesOf(scene, fixImage);
    expect(remedy?.title).toBe('Set the image of Deployment shop/copy to registry.example.com/web:1.0.0');
    expect(remedy && tried([fixImage], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });
});
